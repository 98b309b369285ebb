package history

import "maps"

// give takes what a step carries; blank keeps.
func (c *Content) give(e *Event) {
	c.amend(&Content{TrueOn: e.TrueOn, Scheme: e.Scheme, Code: e.Code, Counts: e.Counts, Fields: e.Fields})
}

// amend replaces what d says; blank keeps, Emptied empties.
func (c *Content) amend(d *Content) {
	if d.TrueOn != "" {
		c.TrueOn = d.TrueOn
	}
	if d.Code != "" {
		c.Scheme, c.Code = d.Scheme, d.Code
	}
	c.Counts.Merge(d.Counts)
	if len(d.Fields) == 0 {
		return
	}
	merged := make(Fields, len(c.Fields)+len(d.Fields))
	maps.Copy(merged, c.Fields)
	for k, v := range d.Fields {
		if v != "" {
			merged[k] = v
		}
	}
	c.Fields = merged
}

// Merge replaces the fields that d says; blank keeps. Emptied stays as it is,
// so that it can travel on through an amend; Plain reads it as blank.
func (c *Counted) Merge(d Counted) {
	to, from := c.list(), d.list()
	for i, v := range from {
		if *v != "" {
			*to[i] = *v
		}
	}
}

// Plain returns the fields with those that were emptied as blank.
func (c Counted) Plain() Counted {
	for _, v := range c.list() {
		if *v == Emptied {
			*v = ""
		}
	}
	return c
}

func (c *Counted) list() [8]*string {
	return [8]*string{&c.Nature, &c.HospitalLevel, &c.Industry, &c.Post, &c.Region, &c.SchoolTier,
		&c.ContractNature, &c.ContractHospitalLevel}
}

// Names of the counted payload fields, in the order of Values.
var CountedNames = [8]string{"nature", "hospital_level", "industry", "post", "region", "school_tier",
	"contract_nature", "contract_hospital_level"}

// Values returns the fields in the order of CountedNames.
func (c Counted) Values() [8]string {
	var out [8]string
	for i, p := range c.list() {
		out[i] = *p
	}
	return out
}

// Put sets a field by its name; it reports whether there is such a field.
func (c *Counted) Put(name, value string) bool {
	for i, n := range CountedNames {
		if n == name {
			*c.list()[i] = value
			return true
		}
	}
	return false
}

// Plain returns the fields that hold something.
func (f Fields) Plain() Fields {
	out := make(Fields, len(f))
	for k, v := range f {
		if v != "" && v != Emptied {
			out[k] = v
		}
	}
	return out
}

package codes

// SchoolTier returns the highest tier of a university for a cohort: 985, 211,
// 双一流, or blank for every other school. It takes the five-digit code (院校代码),
// the ten-digit identifier (学校标识码) or the name. The 双一流 list counts from the
// year of its publication on; a blank cohort asks for the latest list.
func (b *Book) SchoolTier(nameOrCode, cohort string) string {
	t := b.Table("institution")
	s := Normalize(nameOrCode)
	if len(s) == 10 && digits(s) {
		s = s[5:]
	}
	school, ok := t.Find(s)
	if !ok {
		school, ok = t.ByName(s)
	}
	if !ok {
		return ""
	}
	for _, tier := range b.Table("school_tier").rows {
		since := school.Fields[tier.Fields["column"]]
		if since != "" && (cohort == "" || cohort >= since) {
			return tier.Code
		}
	}
	return ""
}

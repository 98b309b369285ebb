package web

import (
	"errors"

	"quxiang/internal/domain/fault"
	"quxiang/internal/web/part"
)

// refusals are the refusals of an error, one or several joined, as the summary above
// a form lists them; nil if the error is none that a form can show.
func refusals(err error) []part.Wrong {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var out []part.Wrong
		for _, e := range joined.Unwrap() {
			out = append(out, refusals(e)...)
		}
		return out
	}
	var f *fault.Fault
	if errors.As(err, &f) {
		return []part.Wrong{{Field: f.Field, Text: f.Message}}
	}
	return nil
}

// wrongAt is what the list says of a field; blank if nothing.
func wrongAt(list []part.Wrong, field string) string {
	for _, x := range list {
		if x.Field == field {
			return x.Text
		}
	}
	return ""
}

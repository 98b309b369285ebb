package report

import (
	_ "embed"
	"sync"
)

//go:embed annual.txt
var annualText string

// Annual is the template of the annual report that the product brings.
var Annual = sync.OnceValue(func() Template {
	t, err := ParseTemplate("annual", "1", annualText)
	if err != nil {
		panic("report: annual.txt: " + err.Error())
	}
	return t
})

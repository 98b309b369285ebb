package app

import (
	"strings"
	"testing"

	"quxiang/internal/domain/fault"
)

// TestADefectOfTheProofreaderEndsNothing: a file that brings out a defect is refused with
// its name; the server that checked it for a page goes on.
func TestADefectOfTheProofreaderEndsNothing(t *testing.T) {
	var none []int
	_, err := survived("dir/报告.docx", func() (Proofreading, error) { return Proofreading{}, error(fault.Usagef("", "%d", none[3])) })
	if fault.KindOf(err) != fault.Usage || !strings.HasPrefix(err.Error(), "报告.docx：检查到一半出了错") {
		t.Error(err)
	}
}

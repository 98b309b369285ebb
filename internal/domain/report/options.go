package report

import (
	"fmt"
	"slices"
	"strings"

	"quxiang/internal/domain/indicator"
)

// options are the names that an expression or directive may use besides dimensions.
var options = map[string][]string{
	"school": nil, "cohort": {"back"}, "asof": nil, "k": {"cohort"}, "n": {"cohort"}, "%": {"cohort"},
	"list": {"by", "sep", "after", "unit"}, "top": {"n"}, "diff": {"from", "cohort"}, "trend": nil, "claim": nil, "ref": nil, "see": nil, "years": nil,
	"concentration": {"n"}, "reasons": nil, "rose": {"by", "least"}, "fell": {"by", "least"}, "activity": nil, "earlier": nil, "stage": nil, "todo": {"unless"},
	"table":  {"id", "by", "show", "cols", "rows", "title", "caption", "years", "base", "count", "stages"},
	"figure": {"id", "by", "show", "cols", "caption", "years", "top"}, "flow": {"id", "caption"}, "appendix": nil,
	externalVerb: {"cohort", "part", "id", "keys", "caption"},
}

// check refuses what nothing reads: a misspelt option would silently count everybody.
func (o order) check() error {
	known, ok := options[o.verb]
	if !ok {
		return fmt.Errorf("没有“%s”这种写法", o.verb)
	}
	if err := o.checkExternal(); err != nil {
		return err
	}
	dims := 0
	for name := range o.opts {
		switch {
		case slices.Contains(known, name):
		case name != "cohort" && slices.Contains(indicator.Dims(), indicator.Dim(name)):
			dims++
		default:
			return fmt.Errorf("“%s”没有“%s”这一项", o.verb, name)
		}
	}
	if dims > 1 {
		return fmt.Errorf("“%s”只能按一个维度筛选", o.verb)
	}
	for _, f := range strings.Split(o.opt("show", "k"), ",") {
		if f != string(Count) && f != string(Base) && f != string(Share) {
			return fmt.Errorf("show 只能是 k、n、%%，不能是“%s”", f)
		}
	}
	return nil
}

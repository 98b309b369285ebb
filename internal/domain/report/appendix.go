package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"quxiang/internal/domain/release"
)

// appendix lists where each number comes from: definition, conditions, snapshot. What
// stands in tables and figures is found by its row and column in the table named.
func (c *composer) appendix() {
	t := &Table{ID: provenance, Caption: "数字出处", Number: fmt.Sprintf("附表 %d", 1)}
	t.Head = [][]Cell{{{Text: "序号"}, {Text: "数字"}, {Text: "统计项"}, {Text: "口径"}, {Text: "条件"}, {Text: "快照"}}}
	for i, n := range c.doc.Numbers {
		t.Body = append(t.Body, []Cell{{Text: "#" + itoa(i+1)}, {Text: n.said()}, {Text: n.Title, Left: true}, {Text: n.Definition + " v" + n.Version},
			{Text: n.condition(), Left: true}, {Text: n.Snapshot}})
	}
	c.add(Block{Table: t})
	s := &Table{ID: snapshotsTable, Caption: "统计所用的快照", Number: "附表 2"}
	s.Head = [][]Cell{{{Text: "快照"}, {Text: "届别"}, {Text: "截止日"}, {Text: "所知至"}, {Text: "人数"}, {Text: "SHA-256（前16位）"}}}
	for _, snap := range c.used() {
		s.Body = append(s.Body, []Cell{{Text: snap.Name}, {Text: snap.Cohort + "届"}, {Text: string(snap.Cut.LastDay())}, {Text: snap.Cut.Known.Time().Format("2006-01-02 15:04")},
			{Text: itoa(snap.People)}, {Text: snap.SHA256[:min(16, len(snap.SHA256))]}})
	}
	c.add(Block{Table: s})
	c.externalAppendix("附表 3")
}

// Ids of the appendix's tables.
const (
	provenance     = "provenance"
	snapshotsTable = "snapshots"
)

// used are the snapshots that the report stands on, the newest cohort first, the report's
// own before everything.
func (c *composer) used() []release.Snapshot {
	var out []release.Snapshot
	for _, s := range c.figures.shown {
		if s != nil && !slices.ContainsFunc(out, func(x release.Snapshot) bool { return x.Name == s.Snapshot.Name }) {
			out = append(out, s.Snapshot)
		}
	}
	slices.SortFunc(out, func(a, b release.Snapshot) int {
		return cmp.Or(strings.Compare(b.Cohort, a.Cohort), cmp.Compare(c.foreign(a), c.foreign(b)), strings.Compare(a.Name, b.Name))
	})
	return out
}

// foreign is 0 of the snapshot that the report is about.
func (c *composer) foreign(x release.Snapshot) int {
	if x.Cut.True == c.subject.Cut.True && x.Cohort == c.subject.Cohort {
		return 0
	}
	return 1
}

func (c *composer) snapshots() []string {
	var out []string
	for _, s := range c.used() {
		out = append(out, s.Name)
	}
	return out
}

// said is the number as it is printed; a whole table has none.
func (n *Number) said() string {
	if n.Format == "" {
		return "整张表"
	}
	if n.Format == Share && !n.Hidden {
		return fmt.Sprintf("%s（%d/%d）", n.Text, n.K, n.Base)
	}
	return n.Text
}

func (n *Number) condition() string {
	out := n.Cohort + "届" + n.Stage
	for _, w := range n.Where {
		out += "，" + w
	}
	return out
}

// Entry words a number's provenance in one line, for pages.
func (n *Number) Entry() string {
	return fmt.Sprintf("%s：%s；口径 %s v%s；%s；快照 %s（%s）", n.Title, n.said(), n.Definition, n.Version, n.condition(), n.Snapshot, n.SHA256[:min(16, len(n.SHA256))])
}

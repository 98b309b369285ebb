package web

import (
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/history"
	"quxiang/internal/web/part"
)

// waitWord and backWord are the states of a change by the tier that it waits at
// or came back from.
var (
	waitWord = map[scrutiny.Tier]part.State{
		scrutiny.ClassTier: {Kind: "wait", Word: "待辅导员审"}, scrutiny.CollegeTier: {Kind: "wait", Word: "待院审"}, scrutiny.SchoolTier: {Kind: "half", Word: "待校审"},
	}
	backWord = map[scrutiny.Tier]string{scrutiny.ClassTier: "辅导员退回", scrutiny.CollegeTier: "院退回", scrutiny.SchoolTier: "校退回"}
)

// itemState is the one state that stands first in a list: what waits goes before
// what is settled.
func itemState(i destination.Item) part.State {
	switch {
	case i.StruckAt > 0:
		return part.State{Kind: "void", Word: "已核减"}
	case i.DisputedAt > 0:
		return part.State{Kind: "dispute", Word: "本人异议"}
	case i.Change != "" && i.Last == history.Proposed:
		return part.State{Kind: "wait", Word: "待本人确认"}
	case i.Change != "" && i.Last == history.Returned:
		if word := backWord[i.Tier]; word != "" {
			return part.State{Kind: "back", Word: word}
		}
		return part.State{Kind: "back", Word: "已退回"}
	case i.Level > 0:
		if s, ok := waitWord[i.Tier]; ok {
			return s
		}
		return part.State{Kind: "wait", Word: "待审"}
	case i.Detail == history.Registered, i.Coming != "":
		return part.State{Kind: "pass", Word: "已登记"}
	}
	return part.State{Kind: "draft", Word: "未登记"}
}

package proofread

import "strings"

// What texts are freed of before they are compared. A Replacer is built when it is first
// used, so each is made once.
var (
	// units of a school, that say nothing of who is counted
	unitWords = strings.NewReplacer("学院", "", "专业", "", "院系", "")
	// words around the whole of a share
	wholeWords = strings.NewReplacer("毕业生", "", "人数", "", "总", "", "的", "", "占", "", "比例", "", "比", "")
	// marks of quotation
	quotes = strings.NewReplacer("“", "", "”", "")
	// marks around a name
	nameMarks = strings.NewReplacer("“", "", "”", "", "（", "(")
	// full-width brackets, as half-width ones
	brackets = strings.NewReplacer("（", "(", "）", ")")
	// words of having somewhere to go
	settledWords = strings.NewReplacer("已", "", "落实", "", "去向", "", "实现", "", "就业", "")
	// brackets as half-width ones, and what they say of further study, which goes
	bracketsAndStudy = strings.NewReplacer("（含升学）", "", "（含深造）", "", "（", "(", "）", ")")
	// levels of study that are named together
	levelsInShort = strings.NewReplacer("本、硕、博", "本科、硕士、博士", "本硕博", "本科、硕士、博士", "硕、博", "硕士、博士", "本、硕", "本科、硕士")
	// ways to say the number of graduates
	graduateWords = strings.NewReplacer("毕业生人数", "毕业人数", "毕业生总数", "毕业人数", "毕业生规模", "毕业人数规模")
	// all dashes, as one
	oneDash = strings.NewReplacer("—", "-", "–", "-", "‐", "-", "－", "-")
	// marks that make no label another one
	labelMarks = strings.NewReplacer("（", "(", "）", ")", "：", ":", "／", "/", "“", "", "”", "", "\"", "", "‘", "", "’", "", "*", "", "①", "", "②", "", "③", "")
	// words between names of a list
	andWords = strings.NewReplacer("以及", "、", "和", "、", "与", "、", "及", "、")
)

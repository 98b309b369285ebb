package report

import "strings"

// wayOf words a row of values, oldest first. 逐年 is said of three years or more.
func wayOf(values []int, share bool) string {
	up, down := 0, 0
	for i := 1; i < len(values); i++ {
		switch {
		case values[i] > values[i-1]:
			up++
		case values[i] < values[i-1]:
			down++
		}
	}
	words := [3]string{"增加", "减少", "有增有减"}
	if share {
		words = [3]string{"上升", "下降", "有升有降"}
	}
	each := ""
	if len(values) > 2 {
		each = "逐年"
	}
	switch steps := len(values) - 1; {
	case up == steps:
		return each + words[0]
	case down == steps:
		return each + words[1]
	case up == 0 && down == 0:
		return "保持不变"
	case up > 0 && down > 0:
		return words[2]
	case up > 0:
		return "总体" + words[0]
	}
	return "总体" + words[1]
}

// wayWords are the ways to say of counts and of shares that they rise or fall, as one.
var wayWords = strings.NewReplacer("稳步", "", "持续", "逐年", "增长", "增加", "提高", "增加", "提升", "增加", "上升", "增加", "降低", "减少", "下降", "减少", "有升有降", "有增有减")

// agrees tells whether the author's words say no more than the data's: 上升 of what rises
// year by year, 增长 of a share.
func agrees(said, word string) bool {
	said, word = strings.ReplaceAll(wayWords.Replace(said), "逐年逐年", "逐年"), wayWords.Replace(word)
	return said == word || said == strings.TrimPrefix(word, "逐年")
}

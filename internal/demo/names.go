package demo

import "math/rand/v2"

// surnames in order of frequency: the earlier, the more often.
var surnames = []rune("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩邓冯曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵覃武钱戴严")

// Signs of given names; few famous people are called by two of them.
var (
	givenMen   = []rune("屿澍珩沅霖桓铎稷垚峤澈翊昊砚栩琛煦朔珂岑祺骁旻瀚泽晖彦恺峻渊洲衡钊烁")
	givenWomen = []rune("苒漪蓁芷茉沁潆楹黛绮妍筱姝瑾昕珞笙芮溪菡萱璐婳琬岚汐晗蔓棠玥笛霏蕴")
)

// Names of peoples who have no surname, or write it with a dot.
var (
	uyghur = [2][]string{
		{"艾尔肯", "吐尔洪", "麦麦提", "阿卜杜拉", "玉素甫", "亚森", "库尔班", "热合曼"},
		{"阿依夏木", "古丽娜尔", "热依汗", "麦尔耶姆", "祖丽皮亚", "帕丽达", "米热班", "阿曼古丽"},
	}
	fathers = []string{"阿卜力孜", "吾守尔", "买合木提", "托合提", "依明尼亚孜", "斯迪克", "巴拉提", "努尔买买提"}
	tibetan = [2][2][]string{
		{{"扎西", "次仁", "多吉", "旦增"}, {"顿珠", "平措", "罗布", "朗杰"}},
		{{"卓玛", "央金", "白玛", "德吉"}, {"措姆", "曲珍", "拉姆", "旺姆"}},
	}
	mongol = [2][]string{{"巴特尔", "朝鲁门", "苏日勒格", "那日苏"}, {"其木格", "乌仁图雅", "萨仁高娃", "娜布其玛"}}
)

// personName makes a name as people of the ethnicity (code of GB/T 3304) have it.
func personName(r *rand.Rand, ethnicity string, male bool) string {
	side := 1
	if male {
		side = 0
	}
	switch ethnicity {
	case "05", "17":
		return pick(r, uyghur[side]) + "·" + pick(r, fathers)
	case "04":
		return pick(r, tibetan[side][0]) + pick(r, tibetan[side][1])
	case "02":
		if chance(r, 50) {
			return pick(r, mongol[side])
		}
	}
	given := givenWomen
	if male {
		given = givenMen
	}
	name := surname(r) + string(pick(r, given))
	if chance(r, 85) {
		name += string(pick(r, given))
	}
	return name
}

// surname of one sign; at times one of two, or both parents' (双姓).
func surname(r *rand.Rand) string {
	n := len(surnames)
	switch {
	case chance(r, 0.4):
		return pick(r, []string{"欧阳", "司徒", "上官", "诸葛"})
	case chance(r, 0.6):
		return string(surnames[r.IntN(n)]) + string(surnames[r.IntN(n)])
	}
	return string(surnames[min(r.IntN(n), r.IntN(n))])
}

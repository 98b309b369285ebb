package matching

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"

	"quxiang/internal/domain/fault"
)

// Rolls are the lists of a round as they are handed in: who lists whom, by id.
type Rolls struct {
	Residents map[string]Choices `json:"residents"`
	Hospitals map[string]Offers  `json:"hospitals"`
	Couples   json.RawMessage    `json:"couples"`
}

// Offers are the places of a hospital, and whom it would have.
type Offers struct {
	Capacity int     `json:"capacity"`
	Prefs    Choices `json:"prefs"`
}

// Choices are ids, the dearest first; those in one inner list are equally dear.
type Choices [][]string

// UnmarshalJSON reads ["a", ["b", "c"], "d"].
func (c *Choices) UnmarshalJSON(b []byte) error {
	var plain []string
	if json.Unmarshal(b, &plain) == nil {
		*c = make(Choices, len(plain))
		for i := range plain {
			(*c)[i] = plain[i : i+1]
		}
		return nil
	}
	var mixed []json.RawMessage
	if err := json.Unmarshal(b, &mixed); err != nil {
		return fmt.Errorf("志愿表应是编号的列表，例如 [\"h1\", \"h2\"]")
	}
	*c = make(Choices, len(mixed))
	for i, raw := range mixed {
		var one string
		if json.Unmarshal(raw, &one) == nil {
			(*c)[i] = []string{one}
		} else if err := json.Unmarshal(raw, &(*c)[i]); err != nil {
			return fmt.Errorf("志愿表第 %d 项应是编号，或并列编号的列表", i+1)
		}
	}
	return nil
}

// ReadRolls reads {"residents":{id:[hospital…]},"hospitals":{id:{"capacity":n,"prefs":[resident…]}}};
// other keys are passed over. Error: fault.Invalid, that says where.
func ReadRolls(content []byte) (*Rolls, error) {
	var out Rolls
	if err := json.Unmarshal(content, &out); err != nil {
		return nil, fault.Invalidf("file", "读不出来%s：%s。文件应写成 {\"residents\":{…},\"hospitals\":{…}}", where(content, err), err)
	}
	if len(out.Residents) == 0 || len(out.Hospitals) == 0 {
		return nil, fault.Invalidf("file", "文件里要有 residents 和 hospitals，各至少一个")
	}
	if c := bytes.TrimSpace(out.Couples); len(c) > 0 && string(c) != "null" && string(c) != "[]" && string(c) != "{}" {
		return nil, fault.Invalidf("couples", "文件里有要求一起录取的夫妻（couples）。有这种要求时稳定的结果不一定存在，本系统不做；请分别填报，或线下协商")
	}
	for _, id := range sortedKeys(out.Hospitals) {
		if n := out.Hospitals[id].Capacity; n < 0 || n > 1_000_000 {
			return nil, fault.Invalidf("capacity", "“%s”的名额是 %d，应为 0 到 1000000", id, n)
		}
	}
	return &out, nil
}

// where an error of JSON is, by line.
func where(content []byte, err error) string {
	at := int64(-1)
	switch e := err.(type) {
	case *json.SyntaxError:
		at = e.Offset
	case *json.UnmarshalTypeError:
		at = e.Offset
	}
	if at < 0 || at > int64(len(content)) {
		return ""
	}
	return fmt.Sprintf("（第 %d 行）", 1+bytes.Count(content[:at], []byte("\n")))
}

// Cleaned is a mention that counts for nothing.
type Cleaned struct {
	List    string `json:"list"`    // whose list
	Mention string `json:"mention"` // who is named
	Why     string `json:"why"`     // unknown, one-sided or twice
}

// String says it in a sentence.
func (c Cleaned) String() string {
	words := map[string]string{"unknown": "文件里没有", "one-sided": "没有把“" + c.List + "”列入自己的志愿", "twice": "写了两次，按第一次算"}
	return fmt.Sprintf("“%s”的志愿表里的“%s”%s", c.List, c.Mention, words[c.Why])
}

// Cleared is a round made of rolls: numbers for ids, one-sided mentions gone.
type Cleared struct {
	Round
	Residents, Hospitals []string // id of each number
	Cleaned              []Cleaned
	Drawn                bool // there were ties, drawn by lot
}

// Clear makes a round of rolls. Equally dear ones are drawn by a lottery of the seed, each
// list on its own, that anybody can draw again: the order of SHA-256 of "seed|list|mention".
func (r *Rolls) Clear(seed string) *Cleared {
	out := &Cleared{Residents: sortedKeys(r.Residents), Hospitals: sortedKeys(r.Hospitals)}
	number := make(map[string]int32, len(out.Hospitals))
	for i, id := range out.Hospitals {
		number[id] = int32(i)
		out.Quota = append(out.Quota, int32(r.Hospitals[id].Capacity))
	}
	people := make(map[string]int32, len(out.Residents))
	for i, id := range out.Residents {
		people[id] = int32(i)
	}
	named := make([][]mention, len(out.Residents))
	for h, id := range out.Hospitals {
		for i, who := range out.flat(id, r.Hospitals[id].Prefs, seed) {
			if s, ok := people[who]; !ok {
				out.Cleaned = append(out.Cleaned, Cleaned{id, who, "unknown"})
			} else {
				named[s] = append(named[s], mention{int32(h), int32(i)})
			}
		}
	}
	out.lists(r, number, named, seed)
	return out
}

// mention of a resident by a hospital, with its rank there.
type mention struct{ hospital, rank int32 }

// lists fills in the residents' lists; what only one side says is cleaned away.
func (c *Cleared) lists(r *Rolls, number map[string]int32, named [][]mention, seed string) {
	c.Lists, c.Ranks = make([][]int32, len(c.Residents)), make([][]int32, len(c.Residents))
	for s, id := range c.Residents {
		for _, where := range c.flat(id, r.Residents[id], seed) {
			h, known := number[where]
			i := slices.IndexFunc(named[s], func(m mention) bool { return m.hospital == h })
			switch {
			case !known:
				c.Cleaned = append(c.Cleaned, Cleaned{id, where, "unknown"})
			case i < 0:
				c.Cleaned = append(c.Cleaned, Cleaned{id, where, "one-sided"})
			default:
				c.Lists[s], c.Ranks[s] = append(c.Lists[s], h), append(c.Ranks[s], named[s][i].rank)
				named[s] = slices.Delete(named[s], i, i+1)
			}
		}
		for _, m := range named[s] {
			c.Cleaned = append(c.Cleaned, Cleaned{c.Hospitals[m.hospital], id, "one-sided"})
		}
	}
	slices.SortFunc(c.Cleaned, func(a, b Cleaned) int {
		return cmp.Or(cmp.Compare(a.List, b.List), cmp.Compare(a.Mention, b.Mention), cmp.Compare(a.Why, b.Why))
	})
}

// flat is a list without ties and without anybody named twice.
func (c *Cleared) flat(list string, choices Choices, seed string) []string {
	out, seen := make([]string, 0, len(choices)), make(map[string]bool, len(choices))
	for _, tie := range choices {
		if len(tie) > 1 {
			c.Drawn = true
			tie = slices.Clone(tie)
			slices.SortFunc(tie, func(a, b string) int {
				return cmp.Or(cmp.Compare(draw(seed, list, a), draw(seed, list, b)), cmp.Compare(a, b))
			})
		}
		for _, id := range tie {
			if seen[id] {
				c.Cleaned = append(c.Cleaned, Cleaned{list, id, "twice"})
				continue
			}
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

func draw(seed, list, id string) uint64 {
	sum := sha256.Sum256([]byte(seed + "|" + list + "|" + id))
	return binary.BigEndian.Uint64(sum[:])
}

func sortedKeys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// Result of a round, by id.
type Result struct {
	Proposing string             `json:"proposing"` // residents or hospitals
	Seed      string             `json:"seed,omitempty"`
	Matching  map[string]*string `json:"matching"` // null: no position
	Cutoffs   map[string]Cutoff  `json:"cutoffs"`
	Blocking  [][2]string        `json:"blocking_pairs"` // none: it is stable
	Cleaned   []Cleaned          `json:"cleaned"`
}

// Cutoff is the line of admission of a hospital (录取线).
type Cutoff struct {
	Capacity int     `json:"capacity"`
	Admitted int     `json:"admitted"`
	Last     *string `json:"last"` // the least wanted who was admitted; null: nobody
	Rank     int     `json:"rank"` // of the last in the hospital's list, from 1
}

// Match runs the round with one side proposing, and looks for blocking pairs.
// Error: fault.Usage for another side.
func (c *Cleared) Match(proposing string) (*Result, error) {
	var match []int32
	switch proposing {
	case "residents", "":
		proposing, match = "residents", c.Propose()
	case "hospitals":
		match = c.Offer()
	default:
		return nil, fault.Usagef("propose", "“%s”不能提出申请，请写 residents 或 hospitals", proposing)
	}
	out := &Result{Proposing: proposing, Matching: map[string]*string{}, Cutoffs: map[string]Cutoff{}, Blocking: [][2]string{}, Cleaned: append([]Cleaned{}, c.Cleaned...)}
	for s, p := range match {
		if out.Matching[c.Residents[s]] = nil; p != Nobody {
			out.Matching[c.Residents[s]] = &c.Hospitals[p]
		}
	}
	worst, count := c.Cutoffs(match)
	for h, id := range c.Hospitals {
		line := Cutoff{Capacity: int(c.Quota[h]), Admitted: int(count[h])}
		if count[h] > 0 {
			line.Last, line.Rank = &c.Residents[worst[h].resident], int(worst[h].rank)+1
		}
		out.Cutoffs[id] = line
	}
	for _, b := range c.Blocking(match) {
		out.Blocking = append(out.Blocking, [2]string{c.Residents[b.Resident], c.Hospitals[b.Position]})
	}
	return out, nil
}

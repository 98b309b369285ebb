package audit

import "testing"

// chain is three sealed entries.
func chain() []Entry {
	list := []Entry{
		{ID: "a", At: 1, Account: "console:x", Action: "roster.import", Subject: "b1", Items: make([]byte, 64)},
		{ID: "b", At: 2, Account: "u1", Action: "destination.submit", Subject: "g1", Detail: `{"change":"x"}`, Items: make([]byte, 32)},
		{ID: "c", At: 3, Account: "u2", Action: "destination.pass", Subject: "g1"},
	}
	var prev [32]byte
	for i := range list {
		list[i].Seal(int64(i+1), prev)
		prev = list[i].Hash
	}
	return list
}

func TestSealChains(t *testing.T) {
	list := chain()
	for i := range list {
		if list[i].N != int64(i+1) || list[i].Hash != list[i].Sum() {
			t.Errorf("entry %d does not hold", i)
		}
		if i > 0 && list[i].Prev != list[i-1].Hash {
			t.Errorf("entry %d does not follow the one before it", i)
		}
	}
}

// TestEveryFieldCounts: whatever is changed, the hash is another.
func TestEveryFieldCounts(t *testing.T) {
	for name, change := range map[string]func(*Entry){
		"id":      func(e *Entry) { e.ID += "x" },
		"place":   func(e *Entry) { e.N++ },
		"instant": func(e *Entry) { e.At++ },
		"account": func(e *Entry) { e.Account = "u9" },
		"action":  func(e *Entry) { e.Action = "x" },
		"subject": func(e *Entry) { e.Subject = "" },
		"detail":  func(e *Entry) { e.Detail = "" },
		"items":   func(e *Entry) { e.Items = append([]byte{1}, e.Items[1:]...) },
		"fewer":   func(e *Entry) { e.Items = nil },
		"prev":    func(e *Entry) { e.Prev[31] ^= 1 },
	} {
		e := chain()[1]
		was := e.Sum()
		change(&e)
		if e.Sum() == was {
			t.Errorf("%s does not count", name)
		}
	}
	a := Entry{Action: "ab", Subject: "c"}
	b := Entry{Action: "a", Subject: "bc"}
	if a.Sum() == b.Sum() {
		t.Error("two entries have one form")
	}
}

package audit

import (
	"strings"
	"testing"
)

func TestCheckpointReadsWhatItWrote(t *testing.T) {
	c := Checkpoint{Origin: "quxiang/10001", N: 42, Hash: [32]byte{1, 2, 3}, At: 1717000000123}
	text := c.Text()
	got, err := ReadCheckpoint(text)
	if err != nil || got != c {
		t.Fatalf("got %+v (%v) of\n%s", got, err, text)
	}
	for name, bad := range map[string]string{
		"empty":          "",
		"a line more":    text + "x\n",
		"a line less":    text[:strings.LastIndex(strings.TrimSpace(text), "\n")+1],
		"no origin":      "\n" + text[strings.Index(text, "\n")+1:],
		"place zero":     strings.Replace(text, "\n42\n", "\n0\n", 1),
		"a plus":         strings.Replace(text, "\n42\n", "\n+42\n", 1),
		"another zone":   strings.Replace(text, "+08:00", "Z", 1),
		"a shorter hash": strings.Replace(text, "AQID", "", 1),
	} {
		if got, err := ReadCheckpoint(bad); err == nil {
			t.Errorf("%s: read %+v", name, got)
		}
	}
}

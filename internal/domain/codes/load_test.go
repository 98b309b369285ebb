package codes

import "testing"

func TestBuiltinLoads(t *testing.T) {
	b := Builtin()
	if c, ok := b.Resolve("destination", "", "10"); !ok || c.Name != "签就业协议形式就业" {
		t.Errorf("destination 10 = %+v, %v", c, ok)
	}
}

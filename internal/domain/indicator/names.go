package indicator

import (
	"sync"

	"quxiang/internal/domain/codes"
)

// Names turns keys into what people read, and back.
type Names interface {
	// Name of a key, and its place in the fixed order of its dimension.
	Name(dim Dim, key string) (name string, order int)
	// Keys that a key or a name as the user wrote it stands for; several units
	// may share one name.
	Keys(dim Dim, value string) []string
}

// Unit of the school: a college, a major or a class.
type Unit struct {
	ID   string
	Name string
}

// CodeNames are the names that code tables give; units of the school come from
// the roster, in the order of their codes.
type CodeNames struct {
	book  *codes.Book
	units map[Dim][]Unit

	mu     sync.Mutex
	orders map[Dim]map[string]int // key → place, made when first asked for
}

// NewNames returns the names of a school.
func NewNames(book *codes.Book, units map[Dim][]Unit) *CodeNames {
	return &CodeNames{book: book, units: units, orders: map[Dim]map[string]int{}}
}

// blank is what stands for a dimension that says nothing.
const blank = "未填"

// Name implements Names. An unknown key is its own name and comes after the
// known ones; blank comes last.
func (n *CodeNames) Name(dim Dim, key string) (string, int) {
	if key == "" {
		return blank, 1 << 30
	}
	at, ok := n.order(dim)[key]
	switch {
	case !ok:
		return key, 1 << 29
	case n.units[dim] != nil:
		return n.units[dim][at].Name, at
	}
	c, _ := n.book.Table(tableOf(dim)).Find(key)
	return c.Name, at
}

// Keys implements Names.
func (n *CodeNames) Keys(dim Dim, value string) []string {
	if value == blank {
		return []string{""}
	}
	if _, ok := n.order(dim)[value]; ok || dim == cohortDim {
		return []string{value}
	}
	var out []string
	for _, u := range n.units[dim] {
		if u.Name == value {
			out = append(out, u.ID)
		}
	}
	if t := tableOf(dim); t != "" {
		if c, ok := n.book.Table(t).ByName(value); ok {
			out = append(out, c.Code)
		}
	}
	return out
}

func tableOf(dim Dim) string {
	if i := dimIndex(dim); i >= 0 {
		return dims[i].table
	}
	return ""
}

func (n *CodeNames) order(dim Dim) map[string]int {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.orders[dim] == nil {
		at := map[string]int{}
		for i, u := range n.units[dim] {
			at[u.ID] = i
		}
		if t := tableOf(dim); t != "" {
			for i, c := range n.book.Table(t).All() {
				at[c.Code] = i
			}
		}
		n.orders[dim] = at
	}
	return n.orders[dim]
}

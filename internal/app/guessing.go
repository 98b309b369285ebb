package app

import (
	"context"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
)

// guessedFrom returns what people know of a graduate and guess passwords from: the
// birthday, the identity number and its last six digits, the phone. It is looked at
// by the program alone, while the graduate sets a password.
func (a *App) guessedFrom(ctx context.Context, graduate string) ([]string, error) {
	list, err := a.Store.GraduatesByID(ctx, access.Self(graduate), []string{graduate})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.NotFoundf("graduate", "没有这位毕业生")
	}
	g := list[0]
	if err := g.Unseal(a.Vault); err != nil {
		return nil, err
	}
	id, phone, birthday := g.Secret["id_number"], g.Secret["phone"], g.Profile["birthday"]
	out := []string{g.StudentNo, g.ExamNo, id, phone}
	if len(id) == 18 {
		out = append(out, id[12:], id[6:14], id[8:14])
	}
	if day := digits(birthday); len(day) == 8 {
		out = append(out, day, day[2:])
	}
	return out, nil
}

func digits(s string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			out = append(out, s[i])
		}
	}
	return string(out)
}

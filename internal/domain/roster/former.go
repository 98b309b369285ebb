package roster

import (
	"encoding/json"
	"fmt"
	"maps"

	"quxiang/internal/domain/history"
)

// Former is what an import replaces of a graduate outside the history; an undo
// puts it back. It lies sealed in StagedGraduate.Before.
type Former struct {
	StudentNo string         `json:"student_no,omitempty"`
	ExamNo    string         `json:"exam_no,omitempty"`
	Name      string         `json:"name"`
	Profile   history.Fields `json:"profile,omitempty"`
	Secret    history.Fields `json:"secret,omitempty"`
}

// Former copies the uncounted fields of an unsealed graduate.
func (g Graduate) Former() Former {
	return Former{StudentNo: g.StudentNo, ExamNo: g.ExamNo, Name: g.Name, Profile: maps.Clone(g.Profile), Secret: maps.Clone(g.Secret)}
}

// Restore gives an unsealed graduate back what Former copied.
func (f Former) Restore(g *Graduate) {
	g.StudentNo, g.ExamNo, g.Name = f.StudentNo, f.ExamNo, f.Name
	g.Profile, g.Secret = maps.Clone(f.Profile), maps.Clone(f.Secret)
	if g.Secret == nil {
		g.Secret = history.Fields{} // unsealed and empty, not sealed
	}
}

// Seal encrypts the former fields of the graduate of that id.
func (f Former) Seal(v history.Vault, graduate string) (string, error) {
	plain, err := json.Marshal(f)
	if err != nil {
		return "", err
	}
	return v.Seal("former", graduate, plain)
}

// OpenFormer is the inverse of Former.Seal.
func OpenFormer(v history.Vault, graduate, sealed string) (Former, error) {
	var f Former
	plain, err := v.Open("former", graduate, sealed)
	if err != nil {
		return f, fmt.Errorf("former fields of graduate %s: %w", graduate, err)
	}
	return f, json.Unmarshal(plain, &f)
}

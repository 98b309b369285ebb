package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"filippo.io/age"

	"quxiang/internal/domain/fault"
)

// Reader reads a backup and checks it on the way. Nothing that it gave out may be
// believed before Next has answered io.EOF: only then the manifest was reached and
// everything before it agreed with it.
type Reader struct {
	Header   Header
	Manifest Manifest // once Next answered io.EOF

	from   *ending
	sealed io.Reader
	tar    *tar.Reader
	tally
	last string         // name of the part before, for words
	seen map[string]int // parts by table
}

// Part is one part that belongs to the school.
type Part struct {
	Key     string // name of a file of the key ring; else blank
	File    string // hash of a file of evidence; else blank
	Table   *Table // of rows; else nil
	Content []byte // of a key or a file
	lines   []byte
}

// Rows yields the rows of a part of a table. The slice is used again.
func (p *Part) Rows() iter.Seq2[[]any, error] { return readRows(p.Table, p.lines) }

// Open decrypts a backup and reads its header.
//
// Errors: fault.Usage with the reason, for a file that is no backup, is meant for
// another identity, or is broken.
func Open(file io.Reader, identities ...age.Identity) (*Reader, error) {
	from := &ending{from: file}
	sealed, err := age.Decrypt(from, identities...)
	if err != nil {
		return nil, notOpened(err)
	}
	r := &Reader{from: from, sealed: sealed, tar: tar.NewReader(sealed), tally: newTally(), seen: map[string]int{}}
	name, text, err := r.entry()
	if err != nil {
		return nil, r.broken(err)
	}
	if name != headerName || json.Unmarshal(text, &r.Header) != nil || r.Header.Format == 0 {
		return nil, fault.Usagef("file", "文件能解开，但不是去向的备份，请核对文件名")
	}
	if r.Header.Format > Format {
		return nil, fault.Usagef("file", "这份备份由更新的程序（%s）写成，格式是第 %d 版，本程序只认得到第 %d 版，请换用 %s 或更新的程序恢复",
			r.Header.Program, r.Header.Format, Format, r.Header.Program)
	}
	for _, t := range r.Header.Tables {
		if len(t.Columns) != len(t.Kinds) {
			return nil, r.broken(fmt.Errorf("table %s has columns without a kind", t.Name))
		}
	}
	r.part(name, text)
	return r, nil
}

// ending notes that a file was read to its end: what does not decrypt there may as
// well be cut off.
type ending struct {
	from io.Reader
	over bool
}

// Read reads.
func (e *ending) Read(p []byte) (int, error) {
	n, err := e.from.Read(p)
	e.over = e.over || err == io.EOF
	return n, err
}

// Next returns the next part; io.EOF when all were read and the manifest agrees.
//
// Errors: fault.Usage with the reason; what it gave out before must be dropped.
func (r *Reader) Next() (Part, error) {
	for {
		name, content, err := r.entry()
		if err != nil {
			return Part{}, r.broken(err)
		}
		r.last = name
		switch {
		case name == manifestName:
			return Part{}, r.end(content)
		case strings.HasPrefix(name, sumsFolder):
			if err := r.compare(name, content); err != nil {
				return Part{}, err
			}
		default:
			r.part(name, content)
			if len(r.pending) > sumsEvery {
				return Part{}, r.broken(errors.New("a list of digests is missing"))
			}
			p, err := r.sort(name, content)
			if err != nil {
				return Part{}, r.broken(err)
			}
			return p, nil
		}
	}
}

// entry reads the next part whole.
func (r *Reader) entry() (name string, content []byte, err error) {
	h, err := r.tar.Next()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF // the manifest is the end, and was not reached
	}
	if err != nil {
		return "", nil, err
	}
	if h.Typeflag != tar.TypeReg || h.Size > maxPart {
		return "", nil, fmt.Errorf("%q is no part of a backup", h.Name)
	}
	content = make([]byte, h.Size)
	_, err = io.ReadFull(r.tar, content)
	return h.Name, content, err
}

// sort says what a part is for.
func (r *Reader) sort(name string, content []byte) (Part, error) {
	folder, rest, _ := strings.Cut(name, "/")
	switch folder + "/" {
	case keysFolder:
		if rest == "" || strings.ContainsAny(rest, `/\`) || strings.HasPrefix(rest, ".") {
			return Part{}, fmt.Errorf("%q is no key file", name)
		}
		return Part{Key: rest, Content: content}, nil
	case filesFolder:
		hash := rest[min(3, len(rest)):]
		if b, err := hex.DecodeString(hash); err != nil || len(b) != 32 || strings.ToLower(hash) != hash || rest[:3] != hash[:2]+"/" {
			return Part{}, fmt.Errorf("%q is no file of evidence", name)
		}
		return Part{File: hash, Content: content}, nil
	case tablesFolder:
		return r.tablePart(name, rest, content)
	}
	return Part{}, fmt.Errorf("unknown part %q", name)
}

func (r *Reader) tablePart(name, rest string, content []byte) (Part, error) {
	table, _, _ := strings.Cut(rest, "/")
	i := slices.IndexFunc(r.Header.Tables, func(t Table) bool { return t.Name == table })
	if i < 0 {
		return Part{}, fmt.Errorf("rows of an unknown table %q", table)
	}
	if r.seen[table]++; name != fmt.Sprintf("%s%s/%06d%s", tablesFolder, table, r.seen[table], rowsEnding) {
		return Part{}, fmt.Errorf("%q comes out of its turn", name)
	}
	if n := len(r.tables); n == 0 || r.tables[n-1].Name != table {
		if r.seen[table] > 1 {
			return Part{}, fmt.Errorf("%q comes out of its turn", name)
		}
		r.table(table)
	}
	z, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return Part{}, err
	}
	lines, err := io.ReadAll(io.LimitReader(z, maxPart+chunk+1))
	if err != nil {
		return Part{}, err
	}
	if len(lines) > maxPart+chunk {
		return Part{}, fmt.Errorf("%q is larger than a part may be", name)
	}
	r.rows(lines, int64(bytes.Count(lines, []byte("\n"))))
	return Part{Table: &r.Header.Tables[i], lines: lines}, nil
}

// compare holds a list of digests against the parts before it.
func (r *Reader) compare(name string, content []byte) error {
	pending := slices.Clone(r.pending)
	if want, list := r.list(); name == want && string(content) == list {
		return nil
	}
	for i, line := range strings.Split(strings.TrimSpace(string(content)), "\n") {
		if i < len(pending) && pending[i] == line+"\n" {
			continue
		}
		_, part, _ := strings.Cut(line, "  ")
		if i < len(pending) && strings.HasSuffix(pending[i], "  "+part+"\n") {
			return r.broken(fmt.Errorf("%s 的内容与校验值不符", part))
		}
		return r.broken(fmt.Errorf("缺少 %s，或它不在原来的位置", part))
	}
	return r.broken(fmt.Errorf("%s 之前多出了内容", name))
}

// end holds the manifest against everything that was read, and sees that nothing
// follows it.
func (r *Reader) end(text []byte) error {
	if err := json.Unmarshal(text, &r.Manifest); err != nil {
		return r.broken(err)
	}
	if len(r.pending) > 0 {
		return r.broken(errors.New("the last list of digests is missing"))
	}
	said, found := r.Manifest, r.manifest()
	said.Tables = slices.DeleteFunc(slices.Clone(said.Tables), func(t TableSum) bool { return t.Rows == 0 })
	if !slices.Equal(said.Tables, found.Tables) {
		return r.broken(fmt.Errorf("表的内容与清单不符：%s", differs(said.Tables, found.Tables)))
	}
	if said.Files.Count != found.Files.Count || said.Files.Bytes != found.Files.Bytes {
		return r.broken(fmt.Errorf("清单上有佐证材料 %d 份 %d 字节，读到 %d 份 %d 字节", said.Files.Count, said.Files.Bytes, found.Files.Count, found.Files.Bytes))
	}
	if said.Parts != found.Parts || said.SHA256 != found.SHA256 {
		return r.broken(fmt.Errorf("清单上有 %d 部分，读到 %d 部分，或内容不符", said.Parts, found.Parts))
	}
	if _, err := r.tar.Next(); err != io.EOF {
		return r.broken(errors.Join(errors.New("something follows the manifest"), err))
	}
	if n, err := io.ReadFull(r.sealed, make([]byte, 1)); n > 0 || err != io.EOF {
		return r.broken(errors.Join(errors.New("something follows the end"), err))
	}
	return io.EOF
}

// differs names the first table that is not as it should be.
func differs(said, found []TableSum) string {
	for i, t := range said {
		if i >= len(found) || found[i].Name != t.Name {
			return fmt.Sprintf("缺少 %s（%d 行）", t.Name, t.Rows)
		}
		if found[i] != t {
			return fmt.Sprintf("%s 应有 %d 行，读到 %d 行，或内容不同", t.Name, t.Rows, found[i].Rows)
		}
	}
	return "多出 " + found[len(said)].Name
}

// notOpened says why a file does not decrypt.
func notOpened(err error) error {
	var other *age.NoIdentityMatchError
	switch {
	case errors.As(err, &other) && slices.Contains(other.StanzaTypes, "scrypt"):
		return fault.Usagef("passphrase-file", "口令不对，或这份备份是用口令加密的而给的是身份文件（口令用 --passphrase-file 给）")
	case errors.As(err, &other):
		return fault.Usagef("identity", "这份备份不是给这个身份的，打不开（开头损坏的也是这样）。请换用备份时 --recipient 对应的身份文件；用口令加密的备份请用 --passphrase-file")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), strings.Contains(err.Error(), "file is empty"):
		return fault.Usagef("file", "备份文件不完整，开头就断了：可能没有拷完，请重新拷贝，或换一份备份")
	case strings.Contains(err.Error(), "bad header MAC"):
		return fault.Usagef("file", "备份文件的开头已损坏或被改动，请换一份备份")
	}
	return fault.Usagef("file", "这个文件不是去向的备份，或开头已损坏，请核对文件名；拷贝中损坏的，请重新拷贝")
}

// broken says why a backup that opened cannot be taken.
func (r *Reader) broken(err error) error {
	at := "开头"
	if r.last != "" {
		at = "“" + r.last + "”之后"
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), strings.Contains(err.Error(), "failed to decrypt") && r.from.over:
		return fault.Usagef("file", "备份文件不完整或已损坏，在%s断了：可能没有拷完，请重新拷贝，或换一份备份；没有恢复任何内容", at)
	case strings.Contains(err.Error(), "failed to decrypt"):
		return fault.Usagef("file", "备份文件在%s已损坏或被改动，请换一份备份；没有恢复任何内容", at)
	}
	return fault.Usagef("file", "备份文件在%s不对（%v），请换一份备份；没有恢复任何内容", at, err)
}

package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"filippo.io/age"
)

// Writer writes a backup. The parts come in the order of the format: keys, tables,
// files. Whoever does not reach Close leaves a file that no reader takes.
type Writer struct {
	sealed io.WriteCloser
	tar    *tar.Writer
	made   time.Time
	tally
}

// NewWriter begins a backup for the recipients.
func NewWriter(to io.Writer, h Header, recipients ...age.Recipient) (*Writer, error) {
	sealed, err := age.Encrypt(to, recipients...)
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	w := &Writer{sealed: sealed, tar: tar.NewWriter(sealed), tally: newTally()}
	w.made, _ = time.Parse(time.RFC3339, h.Made)
	h.Format = Format
	text, err := json.MarshalIndent(h, "", " ")
	if err != nil {
		return nil, err
	}
	return w, w.add(headerName, text)
}

// Key keeps a file of the key ring.
func (w *Writer) Key(name string, content []byte) error { return w.add(keysFolder+name, content) }

// File keeps a file of evidence as it lies on the disk, encrypted, under the hash of
// its plain content.
func (w *Writer) File(hash string, sealed []byte) error {
	return w.add(filesFolder+hash[:2]+"/"+hash, sealed)
}

// Lost notes a file of evidence that should be there and is not.
func (w *Writer) Lost(hash string) {
	if w.files.Missing++; len(w.files.First) < 20 {
		w.files.First = append(w.files.First, hash)
	}
}

func (w *Writer) add(name string, content []byte) error {
	if len(content) > maxPart {
		return fmt.Errorf("backup: %s has %d bytes, more than a part may have", name, len(content))
	}
	w.part(name, content)
	if err := w.entry(name, content); err != nil || len(w.pending) < sumsEvery {
		return err
	}
	return w.sums()
}

func (w *Writer) sums() error {
	if len(w.pending) == 0 {
		return nil
	}
	name, content := w.list()
	return w.entry(name, []byte(content))
}

func (w *Writer) entry(name string, content []byte) error {
	h := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o600, Size: int64(len(content)), ModTime: w.made, Format: tar.FormatUSTAR}
	if err := w.tar.WriteHeader(h); err != nil {
		return err
	}
	_, err := w.tar.Write(content)
	return err
}

// Close writes the manifest and ends the file; it returns what was kept.
func (w *Writer) Close(end Audit) (Manifest, error) {
	if err := w.sums(); err != nil {
		return Manifest{}, err
	}
	m := w.manifest()
	m.Audit = end
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return m, err
	}
	if err := w.entry(manifestName, text); err != nil {
		return m, err
	}
	if err := w.tar.Close(); err != nil {
		return m, err
	}
	return m, w.sealed.Close()
}

// Rows writes the rows of one table, in parts.
type Rows struct {
	w     *Writer
	table string
	buf   []byte
	n     int64 // rows in buf
	parts int
	zip   *gzip.Writer
	out   bytes.Buffer
}

// Table begins a table.
func (w *Writer) Table(name string) (*Rows, error) {
	z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	w.table(name)
	return &Rows{w: w, table: name, zip: z}, nil
}

// Add writes a row: nil, string, int64, bool and []byte.
func (r *Rows) Add(row []any) (err error) {
	if r.buf, err = appendRow(r.buf, row); err != nil {
		return err
	}
	if r.n++; len(r.buf) < chunk {
		return nil
	}
	return r.flush()
}

func (r *Rows) flush() error {
	if r.n == 0 {
		return nil
	}
	r.w.rows(r.buf, r.n)
	r.out.Reset()
	r.zip.Reset(&r.out)
	if _, err := r.zip.Write(r.buf); err != nil {
		return err
	}
	if err := r.zip.Close(); err != nil {
		return err
	}
	r.buf, r.n = r.buf[:0], 0
	r.parts++
	return r.w.add(fmt.Sprintf("%s%s/%06d%s", tablesFolder, r.table, r.parts, rowsEnding), r.out.Bytes())
}

// Close ends the table.
func (r *Rows) Close() error { return r.flush() }

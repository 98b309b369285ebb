package destination

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/fault"
)

// How much evidence there may be: of one submission, and of one graduate in all
// years together.
const (
	MaxEvidence  = 20
	MaxDocuments = 100
)

// Files keep evidence encrypted, by the SHA-256 of its content in hex.
type Files interface {
	// Put keeps a file; it is on the disk when Put returns. Twice is once.
	Put(plain []byte) (sha256 string, err error)
	// Get returns a file whose content has the hash.
	Get(sha256 string) ([]byte, error)
	// Guard keeps a file from being let go of until the row that names it is written.
	Guard(sha256 string) (release func())
}

// Cleaner makes an upload fit to keep: without what a camera writes beside a photo,
// the same upload always the same. Error: fault.Invalid with what to do instead.
type Cleaner interface {
	Clean(ctx context.Context, raw []byte) (clean []byte, media string, err error)
}

// Upload keeps a file of evidence about a graduate, as somebody took it, and returns
// its document: cleaned, on the disk, and only then in the database. Handing in the
// same file of one kind twice is handing it in once.
//
// Errors besides the verbs' own: fault.Invalid, field "kind" or "file", for a kind
// that is none or a file that cannot be kept.
func (s *Service) Upload(ctx context.Context, who access.Actor, graduate, kind string, raw []byte) (Document, error) {
	p, err := formRight(who)
	if err := s.reaches(ctx, err, who.Within(p), graduate); err != nil {
		return Document{}, err
	}
	if err := s.isKind(kind); err != nil {
		return Document{}, err
	}
	clean, media, err := s.Cleaner.Clean(ctx, raw)
	if err != nil {
		return Document{}, err
	}
	sum := sha256.Sum256(clean)
	d := Document{Graduate: graduate, Kind: kind, SHA256: hex.EncodeToString(sum[:]), Media: media, Size: int64(len(clean))}
	defer s.Files.Guard(d.SHA256)()
	// Before it is on the disk: a file that no row names stays there for good.
	if _, _, err := s.room(ctx, d); err != nil {
		return Document{}, err
	}
	if d.SHA256, err = s.Files.Put(clean); err != nil {
		return Document{}, err
	}
	return s.handIn(ctx, who, d)
}

// HandIn keeps the row that names a document of evidence; the file itself must
// lie in the store of files already. The graduate hands in their own, staff what
// they were given.
func (s *Service) HandIn(ctx context.Context, who access.Actor, d Document) error {
	_, err := s.handIn(ctx, who, d)
	return err
}

// handIn returns the document as it is kept.
func (s *Service) handIn(ctx context.Context, who access.Actor, d Document) (Document, error) {
	p, err := formRight(who)
	if err != nil {
		return Document{}, err
	}
	err = s.change(ctx, who, p, d.Graduate, func(g *dossier) (work, error) {
		if err := s.isKind(d.Kind); err != nil {
			return work{}, err
		}
		if !isHash(d.SHA256) || d.Size <= 0 {
			return work{}, fault.Invalidf("file", "文件是空的或没有传完，请重新上传")
		}
		known, held, err := s.room(ctx, d)
		if err != nil {
			return work{}, err
		}
		if held {
			d = known
			return work{}, nil
		}
		d.At, d.Account = s.Now(), who.Account
		return work{action: "destination.document", subject: d.Graduate, documents: []Document{d},
			detail: map[string]string{"sha256": d.SHA256, "kind": d.Kind}}, nil
	})
	return d, err
}

// fresh is for how long handing in the same file again changes nothing. An older one
// is noted as handed in anew: it is kept from then on as if it were.
const fresh = 365 * 24 * time.Hour

// room returns the document as it is kept already, if it is. Error: fault.Conflict
// when the graduate has as many as anybody may have.
func (s *Service) room(ctx context.Context, d Document) (known Document, held bool, err error) {
	all, err := s.Store.Documents(ctx, access.Self(d.Graduate), d.Graduate)
	if err != nil {
		return Document{}, false, err
	}
	if i := slices.IndexFunc(all, func(k Document) bool { return k.SHA256 == d.SHA256 && k.Kind == d.Kind }); i >= 0 {
		k := all[i]
		return k, k.Purged == 0 && s.Now() < k.At+calendar.Instant(fresh.Milliseconds()), nil
	}
	if len(all) >= MaxDocuments {
		return Document{}, false, fault.Conflictf("file", "已经上传了 %d 份材料，不能再传。请从已上传的材料里选，或联系就业中心", len(all))
	}
	return Document{}, false, nil
}

// stillRoom is room while no other transaction hands in anything of the graduate: two
// at once, each of which saw the last place free, are not two more.
func (s *Service) stillRoom(ctx context.Context, d Document) error {
	if err := s.Store.Await(ctx, "evidence "+d.Graduate); err != nil {
		return err
	}
	_, held, err := s.room(ctx, d)
	if err == nil && held {
		err = fault.Conflictf("file", "这份材料刚刚已经上传，请刷新页面")
	}
	return err
}

func (s *Service) isKind(kind string) error {
	if _, ok := s.Book().Table("document").Find(kind); !ok {
		return fault.Invalidf("kind", "材料类别“%s”不在代码表中，请从列表中选择", kind)
	}
	return nil
}

// Documents returns the documents of a graduate, oldest first: their own, or those
// of somebody whom the actor reviews. Who only sees lists, such as a support
// officer, opens no contract and no admission letter.
func (s *Service) Documents(ctx context.Context, who access.Actor, graduate string) ([]Document, error) {
	within, may := reading(who)
	if err := s.reaches(ctx, may, within, graduate); err != nil {
		return nil, err
	}
	return s.Store.Documents(ctx, within, graduate)
}

// Document returns a document with its file. Opening that of somebody else is
// written down, as evidence.view about the graduate.
func (s *Service) Document(ctx context.Context, who access.Actor, graduate, sha256 string) (Document, []byte, error) {
	list, err := s.Documents(ctx, who, graduate)
	if err != nil {
		return Document{}, nil, err
	}
	i := slices.IndexFunc(list, func(d Document) bool { return d.SHA256 == sha256 })
	if i < 0 {
		return Document{}, nil, fault.NotFoundf("sha256", "没有找到这份材料，请返回后重新打开")
	}
	d := list[i]
	if d.Purged != 0 {
		return d, nil, fault.NotFoundf("sha256", "这份材料已按保存期限删除，只留下登记；需要时请本人重新提交")
	}
	file, err := s.Files.Get(d.SHA256)
	if err != nil {
		return d, nil, fmt.Errorf("destination: evidence %s of graduate %s: %w", d.SHA256, graduate, err)
	}
	if CapacityOf(who, graduate) == Self {
		return d, file, nil
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		return s.Audit.Write(ctx, who, "evidence.view", graduate, map[string]string{"sha256": d.SHA256, "kind": d.Kind})
	})
	if err != nil {
		return d, nil, err
	}
	return d, file, nil
}

// reading is over whom the actor may open evidence: themselves and whom they
// review. The error is nil if there is anybody.
func reading(who access.Actor) (within access.Scope, may error) {
	for _, p := range []access.Permission{access.RegisterOwn, access.ReviewCase} {
		within = within.Union(who.Within(p))
	}
	if within.Empty() {
		may = who.May(access.ReviewCase)
	}
	return within, may
}

// reaches refuses an actor without the right, and a graduate outside the scope.
func (s *Service) reaches(ctx context.Context, may error, within access.Scope, graduate string) error {
	if may != nil {
		return may
	}
	people, err := s.Store.GraduatesByID(ctx, within, []string{graduate})
	if err == nil && len(people) == 0 {
		err = fault.NotFoundf("graduate", "没有找到这位毕业生，或不在可以办理的范围内")
	}
	return err
}

// Caveat says of a kind of document that it proves nothing, whatever it shows: it
// may be kept, and never counts (四不准 4). Blank for every other kind.
func Caveat(book *codes.Book, kind string) string {
	if !scrutiny.ProvesNothing(book, kind) {
		return ""
	}
	row, _ := book.Table("document").Find(kind)
	return row.Name + "可以留存，但不能作为就业证明。请另外上传就业协议、劳动合同等材料"
}

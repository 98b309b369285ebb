// Package picture makes what graduates photograph or scan fit to keep: photos are
// decoded and written anew, upright, without a word about camera or place; PDF is
// looked through and kept as it is. What is neither is refused, in the words of
// whoever has to send something else.
//
// The type is told by content, never by a name or a header. The same upload always
// comes to the same bytes.
package picture

import (
	"bytes"
	"context"
	"runtime"

	"quxiang/internal/domain/fault"
)

// MaxSize of a file, in bytes, as it is uploaded.
const MaxSize = 10 << 20

// maxPixels of a photo, width times height: more than any phone takes by default.
const maxPixels = 40_000_000

// Media types that Clean gives out.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
	PDF  = "application/pdf"
)

// Cleaner cleans as many files at once as there are cores; the others wait instead
// of eating the memory. NewCleaner makes one.
type Cleaner struct{ slots chan struct{} }

// NewCleaner returns a cleaner for the whole program.
func NewCleaner() *Cleaner {
	return &Cleaner{slots: make(chan struct{}, min(4, runtime.GOMAXPROCS(0)))}
}

// Clean returns the file as it may be kept, and its media type.
//
// Errors: fault.Invalid, field "file", with what is wrong and what to do; that of
// the context when it ends first.
func (c *Cleaner) Clean(ctx context.Context, raw []byte) (clean []byte, media string, err error) {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
	return Clean(raw)
}

// Clean returns the file as it may be kept, and its media type. Errors:
// fault.Invalid.
func Clean(raw []byte) (clean []byte, media string, err error) {
	switch {
	case len(raw) == 0:
		return nil, "", refuse("文件是空的，可能没有传完，请重新选择后再传")
	case len(raw) > MaxSize:
		return nil, "", refuse("文件有 %d MB，一份最多 %d MB，请压缩或改用手机截屏后再传", (len(raw)+1<<20-1)>>20, MaxSize>>20)
	case endsAsZip(raw):
		return nil, "", refuse("文件里藏着压缩包，不能收，请重新拍照，或从原来的文件另存为 PDF 后再传")
	}
	switch kind := kindOf(raw); kind {
	case JPEG:
		clean, media, err = photo(raw)
		return clean, media, err
	case PNG:
		clean, media, err = screenshot(raw)
		return clean, media, err
	case PDF:
		return raw, PDF, checkPDF(raw)
	default:
		return nil, "", refuse("%s", advice[kind])
	}
}

// Kinds of files that are told apart to say what to do instead.
const (
	unknown = ""
	heic    = "heic"
	webp    = "webp"
	gif     = "gif"
	word    = "word"
	archive = "archive"
	video   = "video"
	markup  = "markup"
)

// advice says what to do instead, by kind.
var advice = map[string]string{
	unknown: "这不是照片，也不是 PDF。请拍照或截屏上传（JPG、PNG），或上传 PDF",
	heic:    "苹果手机的 HEIC 照片打不开。请在“设置-相机-格式”里选“兼容性最佳”后重拍，或对着照片截屏，上传截屏",
	webp:    "WebP 图片不能收。请对着图片截屏，上传截屏；也可以另存为 JPG 后再传",
	gif:     "GIF、BMP、TIFF 图片不能收。请对着图片截屏，上传截屏；也可以另存为 JPG 后再传",
	word:    "Word、Excel 等办公文件不能收。请用“另存为”或“导出”存成 PDF 后再传",
	archive: "压缩包不能收。请解压后把里面的照片或 PDF 一份一份上传",
	video:   "视频不能收。请拍照或截屏后上传",
	markup:  "网页文件不能收。请在浏览器里把网页打印成 PDF，或截屏后上传",
}

// signatures are the first bytes of each kind, the offset being zero.
var signatures = []struct {
	head string
	kind string
}{
	{"\xff\xd8\xff", JPEG}, {"\x89PNG\r\n\x1a\n", PNG}, {"%PDF-", PDF},
	{"GIF8", gif}, {"BM", gif}, {"II*\x00", gif}, {"MM\x00*", gif},
	{"PK\x03\x04", word}, {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", word}, {"{\\rtf", word},
	{"Rar!", archive}, {"7z\xbc\xaf\x27\x1c", archive}, {"\x1f\x8b", archive}, {"PK\x05\x06", archive},
	{"\x1aE\xdf\xa3", video},
}

// heicBrands are the brands of an ISO media file that is a still picture.
var heicBrands = []string{"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis"}

// kindOf tells the kind of a file by its content.
func kindOf(raw []byte) string {
	for _, s := range signatures {
		if bytes.HasPrefix(raw, []byte(s.head)) {
			if s.kind == word && s.head[0] == 'P' && !isOffice(raw) {
				return archive
			}
			return s.kind
		}
	}
	switch {
	case len(raw) >= 12 && string(raw[:4]) == "RIFF" && string(raw[8:12]) == "WEBP":
		return webp
	case len(raw) >= 12 && string(raw[4:8]) == "ftyp":
		for _, brand := range heicBrands {
			if string(raw[8:12]) == brand {
				return heic
			}
		}
		return video
	}
	head := bytes.ToLower(bytes.TrimLeft(raw[:min(len(raw), 512)], "\xef\xbb\xbf \t\r\n"))
	for _, tag := range []string{"<!doctype", "<html", "<?xml", "<svg", "<script", "<head", "<body", "from: ", "mime-version:"} {
		if bytes.HasPrefix(head, []byte(tag)) {
			return markup
		}
	}
	return unknown
}

// isOffice reports that a zip archive is an office document.
func isOffice(raw []byte) bool {
	head := raw[:min(len(raw), 4096)]
	return bytes.Contains(head, []byte("[Content_Types].xml")) || bytes.Contains(head, []byte("mimetype")) || bytes.Contains(head, []byte("_rels/"))
}

// endsAsZip reports that a file which begins as something else is a zip archive for
// a program that reads from the end: its end record lies where it must (X20).
func endsAsZip(raw []byte) bool {
	if bytes.HasPrefix(raw, []byte("PK")) {
		return false // a plain archive has words of its own
	}
	const record, longest = 22, 1<<16 - 1
	tail := raw[max(0, len(raw)-record-longest):]
	for at := len(tail); ; {
		if at = bytes.LastIndex(tail[:at], []byte("PK\x05\x06")); at < 0 {
			return false
		}
		if rest := len(tail) - at - record; rest >= 0 && int(tail[at+20])|int(tail[at+21])<<8 == rest {
			return true
		}
	}
}

func refuse(format string, args ...any) error { return fault.Invalidf("file", format, args...) }

package destination

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/history"
)

// receiptAlphabet is Crockford's: no I, L, O, U, so that a receipt can be read
// out over the phone.
const receiptAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Receipt is the number that a graduate gets for a submission (回执号), such as
// 24-0829-7F3KM2QX: cohort, day of submitting, and eight signs of a SHA-256. It is
// a function of what is kept anyway: nothing has to be stored to find it again.
func Receipt(cohort, change string, submitted calendar.Instant) string {
	sum := sha256.New()
	for _, s := range []string{"receipt", cohort, change} {
		sum.Write(binary.BigEndian.AppendUint32(nil, uint32(len(s))))
		sum.Write([]byte(s))
	}
	sum.Write(binary.BigEndian.AppendUint64(nil, uint64(submitted)))
	bits := binary.BigEndian.Uint64(sum.Sum(nil))
	var signs [8]byte
	for i := range signs {
		signs[i] = receiptAlphabet[bits>>(59-5*i)&31]
	}
	if len(cohort) > 2 {
		cohort = cohort[len(cohort)-2:]
	}
	return cohort + "-" + submitted.Time().Format("0102") + "-" + string(signs[:])
}

// misread are the signs that a receipt does not have, as people write them down.
var misread = strings.NewReplacer("O", "0", "I", "1", "L", "1", "U", "V", "-", "", " ", "", "—", "", "－", "")

// ReceiptKey is what two spellings of one receipt have in common.
func ReceiptKey(s string) string { return misread.Replace(strings.ToUpper(codes.Normalize(s))) }

// LooksLikeReceipt reports that what was typed has the form of a receipt and holds
// a letter, so that it is no phone and no identity number.
func LooksLikeReceipt(s string) bool {
	key := ReceiptKey(s)
	return len(key) == 14 && strings.Trim(key[:6], "0123456789") == "" && strings.IndexFunc(key[6:], func(r rune) bool {
		return strings.ContainsRune(receiptAlphabet, r) && !('0' <= r && r <= '9')
	}) >= 0
}

// ReceiptOf returns the receipt of the newest submission of the change among the
// events; blank if it was never submitted.
func ReceiptOf(cohort, change string, events []history.Event) string {
	for i := len(events) - 1; i >= 0; i-- {
		if e := &events[i]; e.Change == change && e.Step == history.Submitted {
			return Receipt(cohort, change, e.KnownAt)
		}
	}
	return ""
}

// Submission is one act of submitting, which has a receipt.
type Submission struct {
	Graduate, Cohort, Change string
	At                       calendar.Instant
}

// FindReceipt returns the graduates whose submission has the receipt, as people
// write it, within whom the actor may see; none if the text is no receipt. A
// receipt of a change that was submitted again leads to it too.
//
// Error: fault.Forbidden.
func (s *Service) FindReceipt(ctx context.Context, who access.Actor, text string) (graduates []string, err error) {
	if err := who.May(access.ViewPeople); err != nil {
		return nil, err
	}
	key := ReceiptKey(text)
	if len(key) != 14 || strings.Trim(key[:6], "0123456789") != "" {
		return nil, nil
	}
	list, err := s.Store.Submissions(ctx, who.Within(access.ViewPeople), key[:2])
	for _, x := range list {
		if x.At.Time().Format("0102") == key[2:6] && ReceiptKey(Receipt(x.Cohort, x.Change, x.At)) == key {
			graduates = append(graduates, x.Graduate)
		}
	}
	return graduates, err
}

package access

import (
	"context"
	_ "embed"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// noticeText is the privacy notice: its version on the first line; a line that
// begins with # is a heading; 〔学校〕 stands for the school's name.
//
//go:embed notice.txt
var noticeText string

// Notice is what graduates are told of how their data are used (个人信息说明),
// after 个人信息保护法 §17. Register and statistics rest on §13 (3), the school's
// duty, so that it is read, not consented to.
type Notice struct {
	Version string // such as 2025-06
	Parts   []NoticePart
}

// NoticePart is a heading and what stands under it.
type NoticePart struct {
	Title string
	Text  []string // paragraphs
}

// NoticeVersion is the version of the notice in force.
var NoticeVersion = strings.TrimSpace(strings.SplitN(noticeText, "\n", 2)[0])

// NoticeFor returns the notice in force with the school's name in it.
func NoticeFor(school string) Notice {
	n := Notice{Version: NoticeVersion}
	_, text, _ := strings.Cut(noticeText, "\n")
	for line := range strings.Lines(strings.ReplaceAll(text, "〔学校〕", school)) {
		line = strings.TrimSpace(line)
		if title, ok := strings.CutPrefix(line, "# "); ok {
			n.Parts = append(n.Parts, NoticePart{Title: title})
		} else if last := len(n.Parts) - 1; line != "" && last >= 0 {
			n.Parts[last].Text = append(n.Parts[last].Text, line)
		}
	}
	return n
}

func checkNotice(version string) error {
	switch version {
	case NoticeVersion:
		return nil
	case "":
		return fault.Invalidf("notice", "请先读个人信息说明，再勾选“我已读过”")
	}
	return fault.Invalidf("notice", "个人信息说明刚更新过，请再读一遍、重新勾选")
}

// NeedsNotice reports that the account is a graduate's who has not read the notice
// in force: it is shown once, and nothing waits for it.
func (s *Service) NeedsNotice(ctx context.Context, own Account) (bool, error) {
	if own.Graduate == "" {
		return false, nil
	}
	read, err := s.Store.Acceptances(ctx, own.ID)
	return err == nil && read[NoticeVersion] == 0, err
}

// AcceptNotice notes that the account has read the notice. Twice is once.
// Error: fault.Invalid for a version that is not in force.
func (s *Service) AcceptNotice(ctx context.Context, own Account, version string) error {
	if err := checkNotice(version); err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		read, err := s.Store.Acceptances(ctx, own.ID)
		if err != nil || read[version] != 0 {
			return err
		}
		if err := s.Store.SaveAcceptance(ctx, own.ID, version, s.Now()); err != nil {
			return err
		}
		return s.Audit.Write(ctx, Actor{Account: own.ID}, "account.notice", own.ID, map[string]string{"notice": version})
	})
}

// NoticeRead returns the newest version of the notice that the account has read,
// and when; blank if none.
func (s *Service) NoticeRead(ctx context.Context, own Account) (version string, at calendar.Instant, err error) {
	read, err := s.Store.Acceptances(ctx, own.ID)
	for v, when := range read {
		if when > at {
			version, at = v, when
		}
	}
	return version, at, err
}

package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

func (s *session) privacy() *cobra.Command {
	c := &cobra.Command{Use: "privacy", Short: "个人信息：影响评估的底稿 pia，某账号看过谁 exposed", RunE: s.help}
	c.AddCommand(s.privacyPIA(), s.privacyExposed())
	return c
}

func (s *session) privacyPIA() *cobra.Command {
	return &cobra.Command{
		Use: "pia", Short: "写出个人信息保护影响评估的底稿（Markdown），由学校补全", Args: nothing,
		RunE: s.with(app.Reading, func(context.Context, []string) error {
			text := s.app.AssessmentDraft()
			return s.print(map[string]string{"text": text}, grid{title: strings.Split(strings.TrimSuffix(text, "\n"), "\n")})
		}),
	}
}

func (s *session) privacyExposed() *cobra.Command {
	var account, from, to string
	c := &cobra.Command{
		Use: "exposed", Short: "某账号在一段时间里看过哪些人：泄露时告知本人用", Args: nothing,
		RunE: s.with(app.Reading, func(ctx context.Context, _ []string) error {
			since, err := instantFlag("from", from)
			if err != nil {
				return err
			}
			until, err := instantFlag("to", to)
			if err != nil {
				return err
			}
			list, err := s.app.Exposed(ctx, s.who(), account, since, until)
			if err != nil {
				return err
			}
			g := grid{header: []string{"时间", "学号", "姓名", "看了什么", "理由或用途"}}
			for _, x := range list {
				g.rows = append(g.rows, []string{x.At, x.Number, x.Name, x.What, x.Why})
			}
			return s.print(list, g)
		}),
	}
	f := c.Flags()
	f.StringVar(&account, "account", "", "登录账号")
	f.StringVar(&from, "from", "", "起，如 2026-06-01T10:00")
	f.StringVar(&to, "to", "", "止")
	for _, name := range []string{"account", "from", "to"} {
		_ = c.MarkFlagRequired(name)
	}
	return c
}

// instantFlag reads a minute of the school's time, or a day.
func instantFlag(name, text string) (calendar.Instant, error) {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, calendar.Zone); err == nil {
			return calendar.At(t), nil
		}
	}
	return 0, fault.Usagef(name, "时间“%s”读不出来，请写成 2026-06-01T10:00 的样子", text)
}

package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/fault"
)

// serving are the flags of a server.
type serving struct {
	listen, publicURL string
	cert, key, proxy  string
	insecure          bool
	metrics           string
	log, level        string
}

func (f *serving) flags(c *cobra.Command) {
	c.Flags().StringVar(&f.listen, "listen", "127.0.0.1:8080", "监听地址")
	c.Flags().StringVar(&f.publicURL, "public-url", "", "对外网址，用于链接；默认按监听地址")
	c.Flags().StringVar(&f.cert, "tls-cert", "", "证书文件（PEM），与 --tls-key 一起给，由本服务直接提供 https")
	c.Flags().StringVar(&f.key, "tls-key", "", "私钥文件（PEM）")
	c.Flags().StringVar(&f.proxy, "trusted-proxy", "", "反向代理的地址，如 10.0.0.5 或 10.0.0.0/24：来访地址以它转告的为准")
	c.Flags().StringVar(&f.metrics, "metrics", "", "本机上供 Prometheus 读取运行数据的地址，如 127.0.0.1:9190；默认不提供")
	c.Flags().StringVar(&f.log, "log", "json", "日志的写法：json 或 text")
	c.Flags().StringVar(&f.level, "log-level", "info", "日志的详细程度：debug、info、warn 或 error")
	c.Flags().BoolVar(&f.insecure, "insecure-http", false, "允许在本机以外使用不加密的 http（只供试用）")
}

func (s *session) serve() *cobra.Command {
	var f serving
	c := &cobra.Command{
		Use: "serve", Short: "启动服务", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := s.outside("serve"); err != nil {
				return err
			}
			if err := app.MustExist(s.config()); err != nil {
				return err
			}
			conf, err := s.logged(f)
			if err != nil {
				return err
			}
			a, err := app.Open(c.Context(), conf, app.Serving)
			if err != nil {
				return err
			}
			return s.run(c.Context(), a, f, func(address string) {
				fmt.Fprintf(s.call.Out, "%s 已启动：%s\n", a.School().Name, address)
			})
		},
	}
	f.flags(c)
	return c
}

// run serves until the context ends, then closes the program.
func (s *session) run(ctx context.Context, a *app.App, f serving, ready func(address string)) error {
	err := a.Serve(ctx, app.Serve{
		Listen: f.listen, PublicURL: f.publicURL, TLSCert: f.cert, TLSKey: f.key, TrustedProxy: f.proxy,
		InsecureHTTP: f.insecure, Metrics: f.metrics, Ready: ready,
		Console: func(ctx context.Context, a *app.App, call *app.Call) int { return execute(ctx, a, call) },
	})
	if e := a.Close(); err == nil {
		err = e
	}
	return err
}

// outside refuses a command that cannot run inside a server.
func (s *session) outside(name string) error {
	if s.inside {
		return fault.Conflictf("data", "这个数据文件夹的服务已在运行，不能再执行 %s", name)
	}
	return nil
}

// logged is the configuration with a log on standard error. Error: fault.Usage.
func (s *session) logged(f serving) (app.Config, error) {
	c := s.config()
	var o slog.HandlerOptions
	var level slog.Level
	if err := level.UnmarshalText([]byte(f.level)); err != nil {
		return c, fault.Usagef("log-level", "日志的详细程度“%s”不对，请写 debug、info、warn 或 error", f.level)
	}
	o.Level = level
	switch f.log {
	case "json":
		c.Log = slog.New(slog.NewJSONHandler(s.call.Err, &o))
	case "text":
		c.Log = slog.New(slog.NewTextHandler(s.call.Err, &o))
	default:
		return c, fault.Usagef("log", "日志的写法“%s”不对，请写 json 或 text", f.log)
	}
	return c, nil
}

func (s *session) init() *cobra.Command {
	var n app.NewSchool
	c := &cobra.Command{
		Use: "init --school 校名 --school-code 代码 --admin 账号", Short: "建一所新学校，打印管理员的一次性链接", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := s.outside("init"); err != nil {
				return err
			}
			link, err := app.Init(c.Context(), s.config(), n)
			if err != nil {
				return err
			}
			return s.print(map[string]string{"school": n.Name, "link": link}, grid{title: []string{
				fmt.Sprintf("%s 的数据文件夹已建好：%s", n.Name, s.global.data),
				"启动服务（quxiang serve）后，请管理员在 72 小时内打开下面的链接设置密码，链接只能用一次：", link}})
		},
	}
	c.Flags().StringVar(&n.Name, "school", "", "学校全称")
	c.Flags().StringVar(&n.Code, "school-code", "", "院校代码")
	c.Flags().StringVar(&n.Admin, "admin", "", "管理员账号")
	c.Flags().StringVar(&n.PublicURL, "public-url", "", "对外网址，印在链接里，如 https://jiuye.example.edu.cn；默认为本机的 http://127.0.0.1:8080")
	c.Flags().StringVar(&n.Region, "region", "", "所在城市，GB/T 2260 六位代码，用于“留本市”")
	return c
}

func (s *session) demo() *cobra.Command {
	var f serving
	var size int
	var seed uint64
	c := &cobra.Command{
		Use: "demo", Short: "建一所虚构的医科大学并启动服务", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := s.outside("demo"); err != nil {
				return err
			}
			conf, err := s.logged(f)
			if err != nil {
				return err
			}
			progress := s.progress("建校")
			a, err := app.OpenDemo(c.Context(), conf, app.Demo{Graduates: size, Seed: seed, Progress: progress.Set})
			progress.Finish()
			if err != nil {
				return err
			}
			return s.run(c.Context(), a, f, func(address string) { s.welcome(c.Context(), a, address) })
		},
	}
	f.flags(c)
	c.Flags().IntVar(&size, "graduates", 2660, "2024 届人数，其他届按比例")
	c.Flags().Uint64Var(&seed, "seed", 1, "随机种子，相同则学校相同")
	return c
}

// welcome prints where the demo is and one link for each role.
func (s *session) welcome(ctx context.Context, a *app.App, address string) {
	links, err := a.DemoLinks(ctx, s.who(), address)
	if err != nil {
		fmt.Fprintf(s.call.Err, "quxiang: %v\n", err)
		return
	}
	g := grid{title: []string{a.School().Name + "（虚构）已启动：" + address, "各角色的登录链接（只在本机有效）："}, header: []string{"角色", "账号", "链接"}}
	for _, l := range links {
		g.rows = append(g.rows, []string{l.Role, l.Login, l.URL})
	}
	g.notes = []string{"按 Ctrl+C 停止。"}
	g.text(s.call.Out)
}

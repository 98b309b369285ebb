package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"quxiang/internal/app"
)

// own are the global flags that belong to this process and are not handed to a server.
var own = []string{"data", "keys", "database", "config"}

// settle gives the flags that were not on the command line their value from the
// environment (QUXIANG_…), else from the config file.
func (s *session) settle(c *cobra.Command) error {
	if s.inside {
		return nil
	}
	if v := os.Getenv("QUXIANG_CONFIG"); v != "" && s.global.config == "" {
		s.global.config = v
	}
	file, err := s.configFile()
	if err != nil {
		return err
	}
	var wrong error
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || f.Name == "help" || wrong != nil {
			return
		}
		value, from := os.Getenv(envName(f.Name)), envName(f.Name)
		if value == "" {
			value, from = file[f.Name], s.global.config
		}
		if value == "" {
			return
		}
		if err := c.Flags().Set(f.Name, value); err != nil {
			wrong = usageError{fmt.Errorf("%s 中 %s 的值“%s”不对：%v", from, f.Name, value, err)}
		}
	})
	if wrong == nil && !slices.Contains([]string{"text", "json", "csv", "xlsx"}, s.global.format) {
		wrong = usageError{fmt.Errorf("--format 只能是 text、json、csv 或 xlsx，不能是“%s”", s.global.format)}
	}
	return wrong
}

func envName(flag string) string {
	return "QUXIANG_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func (s *session) configFile() (map[string]string, error) {
	out := map[string]string{}
	if s.global.config == "" {
		return out, nil
	}
	content, err := s.call.Read(s.global.config)
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(bytes.NewReader(content))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			return nil, usageError{fmt.Errorf("配置文件 %s 第 %d 行“%s”应写成“参数 = 值”", s.global.config, n, line)}
		}
		out[strings.TrimSpace(key)] = strings.Trim(strings.TrimSpace(value), `"`)
	}
	return out, lines.Err()
}

// asked is the call as a server gets it: flags spelled out, so that the
// caller's environment does not matter.
func (s *session) asked(c *cobra.Command, args []string) *app.Call {
	spelled := strings.Fields(c.CommandPath())[1:]
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Changed || slices.Contains(own, f.Name) {
			return
		}
		values := []string{f.Value.String()}
		if several, ok := f.Value.(pflag.SliceValue); ok { // its String is for people: [a,b]
			values = several.GetSlice()
		}
		for _, v := range values {
			spelled = append(spelled, "--"+f.Name+"="+v)
		}
	})
	out := *s.call
	out.Args = append(append(spelled, "--"), args...)
	return &out
}

package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usagePage is what --help prints under a command's description.
const usagePage = `用法：
{{- if .Runnable}}
  {{useLine .UseLine}}{{end}}
{{- if .HasAvailableSubCommands}}
  {{.CommandPath}} 命令

命令：{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}
{{- if .HasAvailableLocalFlags}}

参数：
{{.LocalFlags | flagLines}}{{end}}
{{- if .HasAvailableInheritedFlags}}

所有命令都有的参数：
{{.InheritedFlags | flagLines}}{{end}}
{{- if .HasAvailableSubCommands}}

运行 {{.CommandPath}} 命令 --help 查看某一条命令的用法。{{end}}
`

// inChinese gives all help pages to the reader's language.
func inChinese(root *cobra.Command) {
	cobra.AddTemplateFunc("flagLines", flagLines)
	cobra.AddTemplateFunc("useLine", func(line string) string { return strings.TrimSuffix(line, " [flags]") })
	root.SetUsageTemplate(usagePage)
	root.PersistentFlags().BoolP("help", "h", false, "查看用法")
	root.SetHelpCommand(&cobra.Command{
		Use: "help 命令", Short: "查看一条命令的用法", Hidden: true,
		RunE: func(c *cobra.Command, args []string) error {
			about, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return usageError{fmt.Errorf("没有“%s”这个命令，运行 quxiang --help 查看全部命令", strings.Join(args, " "))}
			}
			return about.Help()
		},
	})
}

// flagLines lists flags, one a line, with what each is for.
func flagLines(flags *pflag.FlagSet) string {
	var names, usages []string
	wide := 0
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name := "    --" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", --" + f.Name
		}
		usage := f.Usage
		if f.Value.Type() != "bool" {
			name += " 值"
			if f.DefValue != "" && f.DefValue != "[]" && !strings.Contains(usage, "默认") {
				usage += "（默认 " + f.DefValue + "）"
			}
		}
		names, usages = append(names, name), append(usages, usage)
		wide = max(wide, columns(name))
	})
	var b strings.Builder
	for i, name := range names {
		fmt.Fprintf(&b, "  %s%s  %s\n", name, strings.Repeat(" ", wide-columns(name)), usages[i])
	}
	return strings.TrimRight(b.String(), "\n")
}

// nothing refuses every word behind a command.
func nothing(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s 后面不要写“%s”，运行 %s --help 查看用法", c.CommandPath(), args[0], c.CommandPath())}
	}
	return nil
}

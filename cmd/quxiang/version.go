package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"quxiang"
)

func (s *session) version() *cobra.Command {
	var licences bool
	c := &cobra.Command{
		Use: "version", Short: "版本；--licences 打印所含软件的许可", Args: nothing,
		RunE: func(*cobra.Command, []string) error {
			if licences {
				return s.deliver([]byte(quxiang.Licence + "\n" + quxiang.Notices))
			}
			v := map[string]string{"version": "dev", "go": ""}
			if b, ok := debug.ReadBuildInfo(); ok {
				v["version"], v["go"] = b.Main.Version, b.GoVersion
				for _, kv := range b.Settings {
					if kv.Key == "vcs.revision" {
						v["revision"] = kv.Value
					}
				}
			}
			return s.print(v, grid{title: []string{fmt.Sprintf("quxiang %s %s (%s)", v["version"], v["revision"], v["go"])}})
		},
	}
	c.Flags().BoolVar(&licences, "licences", false, "打印许可全文")
	return c
}

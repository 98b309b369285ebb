package main

import (
	"slices"
	"testing"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
)

// A flag that was given several times reaches the server several times: as one
// word, [a,b], it would name a file that nobody has.
func TestAskedSpellsEachValueOfAFlag(t *testing.T) {
	var files []string
	var key string
	c := &cobra.Command{Use: "verify"}
	c.Flags().StringArrayVar(&files, "checkpoint", nil, "")
	c.Flags().StringVar(&key, "key", "", "")
	(&cobra.Command{Use: "quxiang"}).AddCommand(c)
	if err := c.Flags().Parse([]string{"--checkpoint", "a, b.txt", "--checkpoint", "c.txt", "--key", "k+1"}); err != nil {
		t.Fatal(err)
	}
	s := &session{call: &app.Call{}}
	want := []string{"verify", "--checkpoint=a, b.txt", "--checkpoint=c.txt", "--key=k+1", "--"}
	if got := s.asked(c, nil).Args; !slices.Equal(got, want) {
		t.Errorf("asked %q, want %q", got, want)
	}
}

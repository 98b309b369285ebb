// Command notices prints THIRD_PARTY_NOTICES: every module that ends up in the
// binary with its licence text, then what is kept in the repository from
// elsewhere (internal/**/NOTICE.txt files, each as it stands).
//
//	go run ./scripts/notices > THIRD_PARTY_NOTICES
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

type module struct{ Path, Version, Dir string }

func main() {
	log.SetFlags(0)
	modules, err := linked()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print("Quxiang contains the following third-party software and data.\n")
	for _, m := range modules {
		text, err := licence(m.Dir)
		if err != nil {
			log.Fatalf("%s %s: %v", m.Path, m.Version, err)
		}
		fmt.Printf("\n%s\n%s %s\n\n%s\n", strings.Repeat("-", 80), m.Path, m.Version, text)
	}
	if err := kept(); err != nil {
		log.Fatal(err)
	}
}

// linked lists the modules of all packages that the binary is built from.
func linked() ([]module, error) {
	out, err := exec.Command("go", "list", "-deps", "-json=Module", "./cmd/quxiang").Output()
	if err != nil {
		return nil, err
	}
	var list []module
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ Module *module }
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if p.Module != nil && p.Module.Version != "" && !slices.Contains(list, *p.Module) {
			list = append(list, *p.Module)
		}
	}
	slices.SortFunc(list, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	return list, nil
}

// licence returns the licence files of a module, the notices after the licence.
func licence(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	var texts []string
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		if e.IsDir() || !strings.HasPrefix(name, "LICEN") && !strings.HasPrefix(name, "COPYING") && !strings.HasPrefix(name, "NOTICE") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return "", err
		}
		texts = append(texts, strings.TrimSpace(strings.ReplaceAll(string(b), "\r\n", "\n")))
	}
	if len(texts) == 0 {
		return "", errors.New("no licence file")
	}
	return strings.Join(texts, "\n\n"), nil
}

// kept prints the NOTICE.txt beside data and files that come from elsewhere.
func kept() error {
	var paths []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != "." {
			return filepath.SkipDir
		}
		if d.Name() == "NOTICE.txt" {
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(paths)
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		fmt.Printf("\n%s\n%s\n\n%s\n", strings.Repeat("-", 80), filepath.ToSlash(filepath.Dir(p)), strings.TrimSpace(string(b)))
	}
	return nil
}

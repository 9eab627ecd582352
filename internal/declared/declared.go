// Package declared finds the tests that Go files declare, for the tests of pages
// that name one for what they claim.
package declared

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var function = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)

// Tests are the names of the test and fuzz functions in the folders below root,
// by folder: "." and others with slashes.
func Tests(root string) (map[string]map[string]bool, error) {
	found := map[string]map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "node_modules":
			return fs.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		folder = filepath.ToSlash(folder)
		if found[folder] == nil {
			found[folder] = map[string]bool{}
		}
		for _, m := range function.FindAllStringSubmatch(string(source), -1) {
			found[folder][m[1]] = true
		}
		return nil
	})
	return found, err
}

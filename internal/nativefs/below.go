//go:build !js

package nativefs

import (
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// errNotRegular: what has the name is a directory, a device or the like.
var errNotRegular = errors.New("it is no plain file")

// OpenBelow opens a plain file for reading whose name, with slashes, is relative
// to a directory. Names and links that lead out of the directory are refused.
func OpenBelow(dir, name string) (io.ReadCloser, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close() // files that were opened through it stay open
	f, err := root.Open(filepath.FromSlash(name))
	if err != nil {
		var p *fs.PathError
		if errors.As(err, &p) { // without the path of this machine
			err = p.Err
		}
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		_ = f.Close() // was not even read
		return nil, errNotRegular
	}
	return f, nil
}

// Unescape resolves the percent signs of an address.
func Unescape(path string) (string, error) { return url.PathUnescape(path) }

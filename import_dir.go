//go:build !js

package pocketgraph

import (
	"errors"
	"io"
	"io/fs"
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/internal/nativefs"
)

// importDir opens files below one directory.
type importDir struct{ dir string }

// ImportDir lets LOAD CSV read the files below a directory, and nothing else:
// file:///name.csv and plain names, both relative to it. Links that lead out of
// it are refused.
func ImportDir(dir string) cypher.Importer { return importDir{dir} }

// Open implements cypher.Importer.
func (d importDir) Open(address string) (io.ReadCloser, error) {
	name, err := localName(address)
	if err != nil {
		return nil, err
	}
	f, err := nativefs.OpenBelow(d.dir, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, cypher.ImportError("NotFound", "there is no file "+name+" in the import directory")
	}
	if err != nil {
		return nil, cypher.ImportError("NotAllowed", "opening "+name+" in the import directory: "+err.Error())
	}
	return f, nil
}

// localName is the name below the import directory that an address stands for.
func localName(address string) (string, error) {
	scheme, rest, found := strings.Cut(address, ":")
	if !found || len(scheme) < 2 || strings.ContainsAny(scheme, "/.") {
		return strings.TrimLeft(address, "/"), nil
	}
	if !strings.EqualFold(scheme, "file") {
		return "", cypher.ImportError("NotAllowed", "only files below the import directory may be loaded, not "+scheme+": addresses")
	}
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		host, path, _ := strings.Cut(after, "/")
		if host != "" && host != "localhost" {
			return "", cypher.ImportError("NotAllowed", "a file address has three slashes: file:///"+host+"/"+path)
		}
		rest = path
	}
	name, err := nativefs.Unescape(strings.TrimLeft(rest, "/"))
	if err != nil {
		return "", cypher.ImportError("NotAllowed", "the file address is not well written: "+err.Error())
	}
	return name, nil
}

//go:build !js

package pocketgraph

import (
	"context"
	"path/filepath"

	"github.com/pocketgraph/pocketgraph/internal/nativefs"
)

// OpenDir opens the store in a directory of the operating system, which is
// made when it is missing and the options allow to create.
func OpenDir(ctx context.Context, dir string, o Options) (*DB, error) {
	find := nativefs.Create
	if o.Create == MustExist {
		find = nativefs.New
	}
	if o.Name == "" {
		o.Name = filepath.Base(dir)
	}
	fsys, err := find(dir)
	if err != nil {
		return nil, wrap("opening the directory "+dir, err)
	}
	return Open(ctx, fsys, o)
}

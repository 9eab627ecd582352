// Shrink makes a js/wasm module that Go linked, with its names, smaller:
//
//	go run ./internal/wasmshrink/shrink IN.wasm OUT.wasm
package main

import (
	"fmt"
	"os"

	"github.com/pocketgraph/pocketgraph/internal/wasmshrink"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: shrink IN.wasm OUT.wasm")
		os.Exit(2)
	}
	if err := shrink(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "shrink:", err)
		os.Exit(1)
	}
}

func shrink(in, out string) error {
	b, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	small, err := wasmshrink.Shrink(b)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	return os.WriteFile(out, small, 0o644)
}

package main

import (
	"fmt"
	"os"

	"github.com/pocketgraph/pocketgraph/internal/wasmshrink"
)

func main() {
	b, err := os.ReadFile(os.Args[1])
	if err == nil {
		b, err = wasmshrink.Shrink(b)
	}
	if err == nil {
		err = os.WriteFile(os.Args[2], b, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

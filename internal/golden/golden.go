// Package golden compares bytes with an annotated hex file, so that a change
// of a format shows in review as a change of bytes. `go test -update` writes
// the files anew.
package golden

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Field is one annotated stretch of bytes.
type Field struct {
	Name string
	Len  int
}

// Bytes compares got with testdata/name. The file has a line for each field:
// its offset, its bytes in hex, its name. Bytes behind the last field come
// sixteen to a line; runs of zero lines are shortened to their count.
func Bytes(t testing.TB, name string, got []byte, fields ...Field) {
	t.Helper()
	path := filepath.Join("testdata", name)
	text := Render(got, fields...)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if !bytes.Equal(want, text) {
		t.Fatalf("%s has changed; if that is meant, go test -update.\n%s", path, firstDifference(string(want), string(text)))
	}
}

// Render is the annotated text of bytes.
func Render(b []byte, fields ...Field) []byte {
	var out bytes.Buffer
	at := 0
	for _, f := range fields {
		n := min(f.Len, len(b)-at)
		fmt.Fprintf(&out, "%06x  %-48s  %s\n", at, hex.EncodeToString(b[at:at+n]), f.Name)
		at += n
	}
	for zeros := 0; at < len(b); {
		n := min(16, len(b)-at)
		if zeros = zeroRun(b[at:]); zeros >= 32 {
			fmt.Fprintf(&out, "%06x  (%d zero bytes)\n", at, zeros)
			at += zeros
			continue
		}
		fmt.Fprintf(&out, "%06x  %s\n", at, hex.EncodeToString(b[at:at+n]))
		at += n
	}
	return out.Bytes()
}

func zeroRun(b []byte) int {
	n := 0
	for n < len(b) && b[n] == 0 {
		n++
	}
	if n < len(b) {
		n &^= 3
	}
	return n
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d\n  file: %s\n  now:  %s", i+1, w[i], g[i])
		}
	}
	return fmt.Sprintf("the file has %d lines, now %d", len(w), len(g))
}

//go:build !js

package nativefs

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"
)

// ownerSuffix makes the name of the note beside a locked file, which says who
// holds it: the lock itself cannot tell. The note is for people; nothing is
// decided by it. Whoever holds the lock writes it and takes it away; after a
// crash it stays until the next owner overwrites it.
//
//	pid 4711
//	host amalie
//	program pocketgraph
//	since 2026-01-31T12:00:00Z
const ownerSuffix = ".owner"

// maxOwner bounds what is read of a note, and of each of its values.
const (
	maxOwner = 1024
	maxWord  = 100
)

// heldError is syscall.EBUSY with what is known of the holder.
type heldError struct{ by string }

func (e *heldError) Error() string { return "it is held by " + e.by }
func (e *heldError) Unwrap() error { return syscall.EBUSY }

// HeldBy is the holder for messages that say the rest themselves.
func (e *heldError) HeldBy() string { return e.by }

// writeOwner leaves the note. A note that cannot be written (on a full disk)
// is none: the lock is held all the same.
func writeOwner(path string) {
	host, _ := os.Hostname()
	text := fmt.Sprintf("pid %d\nhost %s\nprogram %s\nsince %s\n", os.Getpid(), host, filepath.Base(os.Args[0]), time.Now().UTC().Format(time.RFC3339))
	_ = os.WriteFile(path, []byte(text), 0o600)
}

// readOwner describes the holder by its note, or as somebody unknown.
func readOwner(path string) string {
	found := map[string]string{}
	if f, err := os.Open(path); err == nil {
		text, _ := io.ReadAll(io.LimitReader(f, maxOwner))
		f.Close()
		for line := range strings.SplitSeq(string(text), "\n") {
			if key, value, ok := strings.Cut(line, " "); ok && printable(value) {
				found[key] = value
			}
		}
	}
	pid, err := strconv.Atoi(found["pid"])
	if err != nil || pid <= 0 {
		return "another process, which left no word about itself"
	}
	host, _ := os.Hostname()
	s := "process " + strconv.Itoa(pid)
	if pid == os.Getpid() && found["host"] == host {
		s = "this process (" + strconv.Itoa(pid) + ")"
	} else if program := found["program"]; program != "" {
		s += " (" + program + ")"
	}
	if other := found["host"]; other != "" && other != host {
		s += " on " + other
	}
	if since, err := time.Parse(time.RFC3339, found["since"]); err == nil {
		s += " since " + since.UTC().Format(time.RFC3339)
	}
	return s
}

func printable(s string) bool {
	return s != "" && len(s) <= maxWord && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

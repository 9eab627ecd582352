//go:build js && wasm

package wasmtest

import (
	"fmt"
	"strings"
)

// verdict follows what a worker says and decides what it is worth.
type verdict struct {
	options Options
	verbose bool // print lines as they come; else only if the run is red
	partial bool // not a full run: -run, -list, …
	lines   []string
	last    string
	ran     []string
}

func newVerdict(o Options, args []string) *verdict {
	v := &verdict{options: o, last: "(nothing)"}
	for _, a := range args[1:] {
		name, value, _ := strings.Cut(strings.TrimLeft(a, "-"), "=")
		switch name {
		case "test.v":
			v.verbose = value != "false"
		case "test.run", "test.list", "test.skip", "test.bench":
			v.partial = true
		}
	}
	return v
}

// workerArgs are the arguments for the worker: verbose, so that it says which
// tests it runs, and without the files that only the page could write.
func workerArgs(args []string) []string {
	out := []string{"-test.v=true"}
	for _, a := range args {
		if strings.HasPrefix(a, "-test.testlogfile=") {
			continue
		}
		out = append(out, a) // a later -test.v wins, so the caller's choice
		if strings.HasPrefix(a, "-test.v=false") {
			out = out[:len(out)-1]
		}
	}
	return out
}

// take is told one message and returns the exit code once there is one.
func (v *verdict) take(m message) (code int, done bool) {
	switch m.kind {
	case "line":
		v.line(m.text)
		return 0, false
	case "exit":
		return v.exit(m), true
	}
	return v.red("wasmtest: " + m.text), true
}

func (v *verdict) line(text string) {
	for _, line := range strings.Split(text, "\n") {
		v.last = line
		// The mark \x16 is what -test.v=test2json puts before such lines.
		if name, ok := strings.CutPrefix(strings.TrimPrefix(line, "\x16"), "=== RUN "); ok {
			v.ran = append(v.ran, strings.TrimSpace(name))
		}
		if v.verbose {
			fmt.Println(line)
		} else {
			v.lines = append(v.lines, line)
		}
	}
}

func (v *verdict) exit(m message) int {
	switch {
	case m.code != 0:
		v.red("wasmtest: the worker's exit code is " + fmt.Sprint(m.code))
		return m.code
	case len(v.ran) == 0 && !v.partial:
		return v.red("wasmtest: the worker reported no test that it ran")
	case v.options.NeedsHandle && m.open == 0 && !v.partial:
		return v.red("wasmtest: no test opened a sync access handle")
	}
	fmt.Printf("wasmtest: %d tests and subtests ran in a dedicated worker, %d sync access handles opened\n", len(v.ran), m.open)
	return 0
}

// silent is the verdict over a worker that says nothing any more.
func (v *verdict) silent() int {
	return v.red(fmt.Sprintf("wasmtest: the worker said nothing for %v; its last line: %s", v.options.Silence, v.last))
}

func (v *verdict) red(why string) int {
	for _, line := range v.lines {
		fmt.Println(line)
	}
	fmt.Println(why)
	return 1
}

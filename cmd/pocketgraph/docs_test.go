package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	// fence is a block of code with its language and, after a space, the name
	// of the file that it is.
	fence = regexp.MustCompile("(?ms)^```(\\w+)(?: (\\S+))?\n(.*?)^```$")
	// word is one word of a command line, perhaps quoted.
	word = regexp.MustCompile(`(?:[^\s'"]|'[^']*'|"[^"]*")+`)
)

// TestDocumentedExamples runs the examples of docs/command.md, in order and in
// one folder, and compares what they print.
func TestDocumentedExamples(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "command.md"))
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	commands := 0
	for _, block := range fence.FindAllStringSubmatch(string(text), -1) {
		language, file, content := block[1], block[2], block[3]
		if file != "" {
			require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		}
		if language != "console" {
			continue
		}
		for example := range strings.SplitSeq(strings.TrimPrefix(content, "$ "), "\n$ ") {
			line, want, _ := strings.Cut(example, "\n")
			require.Regexp(t, pattern(strings.TrimSuffix(want, "\n")), strings.TrimSuffix(inShell(t, line), "\n"), line)
			commands++
		}
	}
	require.Greater(t, commands, 10)
}

// TestCommandsOfTheReadme runs them in order, where there is nothing yet.
func TestCommandsOfTheReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	commands := 0
	for line := range strings.SplitSeq(string(text), "\n") {
		if line, ok := strings.CutPrefix(line, "bin/"); ok {
			require.NotContains(t, inShell(t, line), "[exit code", line)
			commands++
		}
	}
	require.GreaterOrEqual(t, commands, 3)
}

// inShell runs a command line and returns what a person would see.
func inShell(t *testing.T, line string) string {
	t.Helper()
	line, input, _ := strings.Cut(line, " < ")
	var in []byte
	if input != "" {
		var err error
		in, err = os.ReadFile(input)
		require.NoError(t, err)
	}
	var args []string
	for _, w := range word.FindAllString(line, -1) {
		args = append(args, unquoted(w))
	}
	require.Equal(t, "pocketgraph", args[0])
	r := call(string(in), args[1:]...)
	if r.code != 0 {
		r.err += "[exit code " + strconv.Itoa(r.code) + "]\n"
	}
	return r.out + r.err
}

// unquoted takes the outer quotes from the pieces of a word.
func unquoted(w string) string {
	return regexp.MustCompile(`'[^']*'|"[^"]*"`).ReplaceAllStringFunc(w, func(s string) string { return s[1 : len(s)-1] })
}

// pattern matches a text in which … stands for anything.
func pattern(text string) string {
	parts := strings.Split(text, "…")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return "(?s)^" + strings.Join(parts, ".*") + "$"
}

//go:build !js

package wasmtest

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRedPath proves that a browser test that should fail does: it runs
// testdata/red, which fails on purpose in each of these ways.
func TestRedPath(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser several times")
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("no chromium on PATH")
	}
	for _, c := range []struct{ way, says string }{
		{"fail", "this test fails on purpose"},
		{"panic", "panic: this panic is on purpose"},
		{"goroutine", "panic: this goroutine's panic is on purpose"},
		{"exit", "wasmtest: the worker reported no test that it ran"},
		{"nohandle", "wasmtest: no test opened a sync access handle"},
		{"silent", "wasmtest: the worker said nothing for 5s; its last line: the last line"},
		{"dead", "wasmtest: the worker said nothing for 5s; its last line: the worker closes itself"},
	} {
		t.Run(c.way, func(t *testing.T) {
			out, err := red(c.way)
			require.Error(t, err, "a red run was called green:\n%s", out)
			require.Contains(t, out, c.says)
			require.Contains(t, out, "FAIL")
		})
	}
	out, err := red("green")
	require.NoError(t, err, out)
}

func red(way string) (string, error) {
	cmd := exec.Command("../../scripts/wasm-test.sh", "chromium", "./internal/wasmtest/testdata/red")
	cmd.Env = append(os.Environ(), "RED="+way, "WASM_TEST_TIMEOUT=120")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

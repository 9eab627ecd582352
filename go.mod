module github.com/pocketgraph/pocketgraph

go 1.26

require (
	github.com/alecthomas/kong v1.17.0 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/chromedp/cdproto v0.0.0-20250724212937-08a3db8b4327 // indirect
	github.com/chromedp/sysutil v1.1.0 // indirect
	github.com/clipperhouse/displaywidth v0.10.0 // indirect
	github.com/clipperhouse/uax29/v2 v2.6.0 // indirect
	github.com/ergochat/readline v0.1.3 // indirect
	github.com/fatih/color v1.18.0 // indirect
	github.com/go-interpreter/wagon v0.6.0 // indirect
	github.com/go-json-experiment/json v0.0.0-20250725192818-e39067aee2d2 // indirect
	github.com/gobwas/httphead v0.1.0 // indirect
	github.com/gobwas/pool v0.2.1 // indirect
	github.com/gobwas/ws v1.4.0 // indirect
	github.com/gofrs/flock v0.13.0 // nativefs: one owner per store; the lock dies with its process
	github.com/google/pprof v0.0.0-20240727154555-813a5fbdbec8 // indirect
	github.com/josharian/intern v1.0.0 // indirect
	github.com/mailru/easyjson v0.7.7 // indirect
	github.com/mattn/go-colorable v0.1.14 // indirect
	github.com/mattn/go-isatty v0.0.22 // indirect
	github.com/mattn/go-runewidth v0.0.19 // indirect
	github.com/mitchellh/colorstring v0.0.0-20190213212951-d06e56a500db // indirect
	github.com/olekukonko/cat v0.0.0-20250911104152-50322a0618f6 // indirect
	github.com/olekukonko/errors v1.2.0 // indirect
	github.com/olekukonko/ll v0.1.6 // indirect
	github.com/olekukonko/tablewriter v1.1.5 // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	github.com/schollz/progressbar/v3 v3.19.1 // indirect
	github.com/stretchr/testify v1.12.1 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/sys v0.46.0 // indirect
	golang.org/x/term v0.44.0 // indirect
	golang.org/x/text v0.9.0 // cypher/exec: normalize(), natively; a page has the browser's tables
)

// The file-system interfaces of package opfs and of the log. v0.2.4 is pinned:
// module proxies serve it and v0.2.1 only, and list neither.
require github.com/hack-pad/hackpadfs v0.2.4

// Test tool (see "tool" below), and its driver raised to the last version that
// compiles with it and knows today's Chromium.
require (
	github.com/agnivade/wasmbrowsertest v0.11.0 // indirect
	github.com/chromedp/chromedp v0.14.2 // indirect
)

// Benchmarks: an embedded store in pure Go, whose commits stand beside ours.
require go.etcd.io/bbolt v1.4.3

// Tests only (internal/linear): whether what concurrent clients saw is linearizable. The decision
// is NP-hard in general and this checker is the one others' results rest on.
require github.com/anishathalye/porcupine v1.3.1

// Runs js/wasm tests in headless Chromium: scripts/wasm-test.sh.
tool github.com/agnivade/wasmbrowsertest

module github.com/pocketgraph/pocketgraph

go 1.26

require (
	github.com/chromedp/cdproto v0.0.0-20250724212937-08a3db8b4327 // indirect
	github.com/chromedp/sysutil v1.1.0 // indirect
	github.com/go-interpreter/wagon v0.6.0 // indirect
	github.com/go-json-experiment/json v0.0.0-20250725192818-e39067aee2d2 // indirect
	github.com/gobwas/httphead v0.1.0 // indirect
	github.com/gobwas/pool v0.2.1 // indirect
	github.com/gobwas/ws v1.4.0 // indirect
	github.com/google/pprof v0.0.0-20240727154555-813a5fbdbec8 // indirect
	github.com/josharian/intern v1.0.0 // indirect
	github.com/mailru/easyjson v0.7.7 // indirect
	github.com/stretchr/testify v1.12.1 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/sys v0.34.0 // indirect
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

// Runs js/wasm tests in headless Chromium: scripts/wasm-test.sh.
tool github.com/agnivade/wasmbrowsertest

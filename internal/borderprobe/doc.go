// Package borderprobe proves, in real browsers, the rules that the bridge
// between JavaScript and Go is built on: what an exported function may do, what
// happens to views of memory, and when the collector gets its turn.
//
// It has only tests. Each starts a dedicated worker with one more instance of
// this test binary, which then waits for calls, and a short JavaScript driver
// that calls its exports as the bridge would. Some of them break that instance
// on purpose: when a new Go behaves differently, we want to hear of it here.
//
// The findings are in docs/browser-probes.md. To measure again:
//
//	scripts/wasm-test.sh chromium ./internal/borderprobe -- -v
//	scripts/wasm-test.sh firefox ./internal/borderprobe -- -v
package borderprobe

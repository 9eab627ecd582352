// Package wasmtest runs a package's js/wasm tests where sync access handles
// exist: in a dedicated worker.
//
// A browser runner for go test (wasmbrowsertest, or run/run.mjs beside this
// file) starts the test binary on a page. Main, called from TestMain, then
// starts a dedicated worker that loads wasm_exec.js and the same test binary
// from the page's origin, forwards its console output and ends with its exit
// code. Inside that worker, Main just runs the tests.
//
//	//go:build js && wasm
//
//	func TestMain(m *testing.M) { wasmtest.Main(m, wasmtest.Options{NeedsHandle: true}) }
//
// A green result has to be earned: the page fails unless the worker says which
// tests it ran, and, if Options ask for it, unless at least one of them opened
// a sync access handle. Panics and traps pass through with their text. A
// worker that falls silent ends with its last line. The tests in red_test.go
// fail on purpose in each of these ways and expect to see red.
//
// scripts/wasm-test.sh calls it all with the right environment.
package wasmtest

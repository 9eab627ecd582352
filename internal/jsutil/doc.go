// Package jsutil is the one place where JavaScript's way of failing meets
// Go's: exceptions and rejected promises become Go errors, promises are
// awaited by parking the goroutine.
//
// Everything is for GOOS=js GOARCH=wasm.
package jsutil

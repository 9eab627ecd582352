//go:build js && wasm

// Package red fails on purpose, in the way the variable RED names. The native
// tests of internal/wasmtest run it and expect what they see.
package red

import (
	"os"
	"syscall/js"
	"testing"
	"time"

	"github.com/pocketgraph/pocketgraph/internal/jsutil"
	"github.com/pocketgraph/pocketgraph/internal/wasmtest"
)

func TestMain(m *testing.M) {
	if os.Getenv("RED") == "exit" && wasmtest.InWorker() {
		os.Exit(0) // without running a test
	}
	wasmtest.Main(m, wasmtest.Options{NeedsHandle: true, Silence: 5 * time.Second})
}

func TestRed(t *testing.T) {
	switch os.Getenv("RED") {
	case "fail":
		t.Fatal("this test fails on purpose")
	case "panic":
		panic("this panic is on purpose")
	case "goroutine":
		go panic("this goroutine's panic is on purpose")
		time.Sleep(time.Second)
	case "dead":
		println("the worker closes itself")
		js.Global().Call("close")
		time.Sleep(time.Hour)
	case "silent":
		t.Log("the last words")
		println("the last line")
		time.Sleep(time.Hour)
	case "nohandle":
	case "green":
		openHandle(t)
	default:
		t.Fatal("RED names no way to fail")
	}
}

func openHandle(t *testing.T) {
	storage := js.Global().Get("navigator").Get("storage")
	root, err := jsutil.AwaitCall(storage, "getDirectory")
	if err != nil {
		t.Fatal(err)
	}
	file, err := jsutil.AwaitCall(root, "getFileHandle", "green", map[string]any{"create": true})
	if err != nil {
		t.Fatal(err)
	}
	handle, err := jsutil.AwaitCall(file, "createSyncAccessHandle")
	if err != nil {
		t.Fatal(err)
	}
	handle.Call("close")
}

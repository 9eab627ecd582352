//go:build js && wasm

package jszones

import (
	"testing"

	"github.com/pocketgraph/pocketgraph/internal/wasmtest"
)

func TestMain(m *testing.M) { wasmtest.Main(m, wasmtest.Options{}) }

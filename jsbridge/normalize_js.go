//go:build js && wasm

package jsbridge

import (
	"syscall/js"

	"github.com/pocketgraph/pocketgraph/cypher"
)

// The normal forms of Unicode are the browser's own String.prototype.normalize.
func init() {
	normalize := js.Global().Get("String").Get("prototype").Get("normalize")
	cypher.UseNormalizer(func(form, text string) string { return normalize.Call("call", text, form).String() })
}

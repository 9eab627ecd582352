// Package querybench measures queries over the store's graph, without log,
// bridge or page, natively and as wasm in Node:
//
//	go test -run '^$' -bench . ./internal/querybench
//	GOOS=js GOARCH=wasm go test -exec="$(go env GOROOT)/lib/wasm/go_js_wasm_exec" -run '^$' -bench . ./internal/querybench
//
// Its graph has the shape of the one in web/bench: few know many, and those
// are known by many.
package querybench

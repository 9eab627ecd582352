// Package jsbridge is the border between a page and the engine: requests come
// in as bytes, answers go out as bytes, and nothing of the engine is seen.
//
// PROTOCOL.md has the bytes, the operations and the rules of calling the
// exported functions; testdata/golden.json has an example of each, which the
// tests of the page's half read too. Two halves:
//
//   - portable: the codec (encode.go, decode.go, batch.go, request.go), fuzzed
//     natively, which believes nothing before it is bounded and never panics;
//     and the Dispatcher, which runs small statements where they come in
//     (direct.go) and each other request on a goroutine of its own, in order,
//     with transactions, streams, cancelling and time-outs;
//   - js && wasm: the exports pg_status, pg_buffer and pg_request (page_js.go),
//     and the object globalThis.pocketgraph (object_js.go). Both drive the same
//     Dispatcher with the same frames.
//
// # The object, without the npm package
//
// docs/without-the-package.md has its methods, and a whole app that drives it
// from a dedicated worker (elsewhere the browser gives no file that can be
// written synchronously, and only memory storage is to be had); a test runs that
// app in real browsers. In short:
//
//	const info = await pocketgraph.create("movies", { storage: "auto" });
//	const { columns, rows, summary } = await pocketgraph.query("movies", "MATCH (p:Person) RETURN p");
//	rows[0].p; // { id, labels: ["Person"], properties: { name: "Ada" } }
//	await pocketgraph.snapshot("movies"); // { sequence, bytes, milliseconds }
//	await pocketgraph.close("movies");
//	const { recovery } = await pocketgraph.recover("movies", { mode: "strict" });
//
// Its methods return promises, and take the name under which a database was
// opened.
//
// storage is "auto", "opfs" or "memory"; durability "strict" or "relaxed";
// mode "strict" or "salvage". What they resolve to is what PROTOCOL.md calls
// info, summary and so on. They reject with an Error that has the fields of
// PROTOCOL.md's ERROR: code and message always.
//
// Values are plain: null, booleans, numbers, BigInts for integers that a number
// cannot hold, strings, Uint8Array, Float32Array (vectors), arrays and objects;
// { $date: "1984-10-11" } and the like for times, { $point: { srid, x, y } };
// { id, labels, properties }, { id, type, start, end, properties } and
// { nodes, relationships }. Names are made own properties whatever they are:
// a column named __proto__ harms nobody. As parameters go the same, and a
// Date, which is a DateTime. A number without fraction is an Integer. A minus zero is 0: package syscall/js cannot hold it.
package jsbridge

//go:build js && wasm

package jsbridge

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCasesThroughEveryPath runs the table of cases on the real engine:
// through the exports and through globalThis.pocketgraph, in memory and on
// OPFS. Then the worker is terminated and the next one recovers.
func TestCasesThroughEveryPath(t *testing.T) {
	for _, storage := range []string{"memory", "opfs"} {
		t.Run(storage, func(t *testing.T) { casesThroughEveryPath(t, storage) })
	}
	var r struct {
		Recovery struct {
			Created, Clean bool
			Records        int
		}
		Rows    []struct{ N int }
		Problem string
		Listed  string
	}
	driveEngine(t, "real", `async function drive() {
  const { recovery } = await pocketgraph.recover("object", { storage: "opfs", mode: "strict" });
  const { rows } = await pocketgraph.query("object", "MATCH (n:N) RETURN count(n) AS n");
  const snapshot = await pocketgraph.snapshot("object");
  await pocketgraph.close("object");
  request(`+frames(t, Request{Op: OpHello, ID: 1, Version: ProtocolVersion},
		Request{Op: OpDestroy, ID: 2, Open: OpenRequest{Name: "object", Storage: StorageOPFS}})+`);
  await until(() => ended() == 2);
  request(`+frames(t, Request{Op: OpList, ID: 3})+`);
  await until(() => ended() == 3);
  return { recovery, rows, listed: hex(heard) };
}`, &r)
	require.False(t, r.Recovery.Created)
	require.False(t, r.Recovery.Clean, "the worker was terminated")
	require.Positive(t, r.Recovery.Records)
	require.Equal(t, 3000, r.Rows[0].N)
	l := answersOf(t, r.Listed)
	require.Equal(t, "", l.code(2))
	require.Equal(t, "", l.code(3))
}

func casesThroughEveryPath(t *testing.T, storage string) {
	number := map[string]Storage{"memory": StorageMemory, "opfs": StorageOPFS}[storage]
	requests := make([]string, len(engineCases))
	calls := make([][]any, len(engineCases))
	for i, c := range engineCases {
		requests[i] = frames(t, Request{Op: OpQuery, ID: uint32(1000 + i), Database: 1, Text: c.text, Entries: c.params})
		params := object{}
		for _, e := range c.params {
			b, err := appendValue(nil, e.Value, nil)
			require.NoError(t, err)
			params[e.Key] = plainOf(readValue[any](&cursor{b: b}, treeBuilder{}, nil, MaxDepth))
		}
		calls[i] = []any{c.text, params}
	}
	var r struct {
		Heard  string
		Object []string
	}
	driveEngine(t, "real", `async function drive() {
  request(`+frames(t, Request{Op: OpHello, ID: 1, Version: ProtocolVersion}, Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "exports", Storage: number}})+`);
  await until(() => ended() == 2);
  for (const [i, frames] of [`+strings.Join(requests, ",")+`].entries()) {
    request(frames);
    await until(() => ended() == 3 + i);
  }
  await pocketgraph.open("object", { storage: "`+storage+`" });
  const object = [];
  for (const [text, params] of `+string(must(json.Marshal(calls)))+`) object.push(plain(await pocketgraph.query("object", text, params).catch((error) => error)));
  return { heard: hex(heard), object };
}`, &r)
	l := answersOf(t, r.Heard)
	for i, c := range engineCases {
		var got struct {
			Code string
			Rows []object
		}
		require.NoError(t, json.Unmarshal([]byte(r.Object[i]), &got))
		require.Equal(t, c.code, l.code(uint32(1000+i)), "%s: %v", c.text, l.last(uint32(1000+i)))
		require.Equal(t, c.code, got.Code, "%s: %s", c.text, r.Object[i])
		if c.code == "" {
			require.Equal(t, c.rows, rowsJSON(t, l.last(uint32(1000+i))), c.text)
			if got.Rows == nil {
				got.Rows = []object{}
			}
			b := string(must(json.Marshal(got.Rows)))
			require.Equal(t, c.rows, idPattern.ReplaceAllString(b, `"$1":ID`), c.text)
		}
	}
}

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// converse sends requests to one stdio and returns its answers.
func converse(t *testing.T, requests ...string) []string {
	t.Helper()
	r := call(strings.Join(requests, "\n"), "stdio")
	require.Equal(t, exitOK, r.code)
	require.Empty(t, r.err)
	return strings.Split(strings.TrimSuffix(r.out, "\n"), "\n")
}

func TestStdioOps(t *testing.T) {
	require.Equal(t, []string{
		`{"id":1,"columns":[],"rows":[]}`,
		`{"id":"two","columns":["a.n","s"],"rows":[[{"$int":"1"},"<x>"]]}`,
		`{"id":3,"nodes":[{"$node":{"id":"1","labels":["A"],"props":{"n":{"$int":"1"}}}},{"$node":{"id":"2","labels":[],"props":{}}}],"rels":[{"$rel":{"end":"2","id":"1","props":{"w":{"$float":0.5}},"start":"1","type":"T"}}]}`,
		`{"id":4,"ok":true}`,
		`{"id":5,"columns":["b"],"rows":[["one"]]}`,
		`{"id":null,"ok":true}`,
		`{"id":7,"nodes":[],"rels":[]}`,
		`{"id":[8],"columns":["n"],"rows":[]}`,
	}, converse(t,
		`{"id":1,"op":"query","text":"CREATE (:A {n: 1})-[:T {w: 0.5}]->()"}`,
		``, `   `,
		`{"id":"two","op":"query","text":"MATCH (a:A) RETURN a.n, '<x>' AS s","params":null}`,
		`{"id":3,"op":"dump"}`,
		`{"id":4,"op":"procedure","signature":"test.p(a :: INTEGER?) :: (b :: STRING?)","columns":["a","b"],"rows":[[{"$int":"1"},"one"],[{"$int":"2"},"two"]]}`,
		`{"id":5,"op":"query","text":"CALL test.p(1) YIELD b RETURN b"}`+"\r",
		`{"op":"reset"}`,
		`{"id":7,"op":"dump","more":"is ignored"}`,
		`{"id":[8],"op":"query","text":"MATCH (n) RETURN n"}`,
	))
	forgotten := converse(t, `{"id":1,"op":"procedure","signature":"test.p() :: (b :: STRING?)","rows":[]}`, `{"id":2,"op":"reset"}`, `{"id":3,"op":"query","text":"CALL test.p() YIELD b RETURN b"}`)
	require.Contains(t, forgotten[2], "ProcedureNotFound", "reset forgets procedures")
}

func TestStdioErrors(t *testing.T) {
	for request, want := range map[string]string{
		`{"id":1,"op":"query","text":"RETURN x"}`:                        `{"id":1,"error":{"code":"SyntaxError","phase":"compile","detail":"UndefinedVariable","message":"the variable x is not defined\n1 | RETURN x\n  |        ^"}}`,
		`{"id":1,"op":"query","text":"RETURN $p"}`:                       `"code":"ParameterMissing"`,
		`{"id":1,"op":"query","text":"UNWIND [1, 0] AS x RETURN 1 / x"}`: `"phase":"runtime"`,
		`{"id":1,"op":"query"}`:                                          `"code":"SyntaxError"`,
		`{"id":1,"op":"sing"}`:                                           `{"id":1,"error":{"code":"INVALID_ARGUMENT","message":"unknown op \"sing\"; known are query, reset, procedure and dump"}}`,
		`{"id":1}`:                                                       `"code":"INVALID_ARGUMENT"`,
		`{}`:                                                             `{"id":null,"error":{"code":"INVALID_ARGUMENT"`,
		`{"id":1,"op":`:                                                  `{"id":null,"error":{"code":"INVALID_ARGUMENT","message":"the request is not understood: `,
		`[]`:                                                             `"code":"INVALID_ARGUMENT"`,
		`null`:                                                           `"code":"INVALID_ARGUMENT"`,
		`{"id":1,"op":7}`:                                                `"code":"INVALID_ARGUMENT"`,
		"\x00\xff":                                                       `"code":"INVALID_ARGUMENT"`,
		`{"id":1,"op":"procedure","signature":"(","rows":[]}`:                                                                           `"id":1,"error":`,
		`{"id":1,"op":"procedure","signature":"a.b(x :: INTEGER?)","rows":[[{}]]}`:                                                      `row 1: expected null`,
		`{"id":1,"op":"query","text":"RETURN $p","params":{"p":1}}`:                                                                     `"message":"parameter p: expected null, a boolean, a string, or an object with one of $int`,
		`{"id":1,"op":"query","text":"RETURN $p","params":{"p":[1]}}`:                                                                   `parameter p: expected null`,
		`{"id":1,"op":"query","text":"RETURN $p","params":{"p":{"$int":7}}}`:                                                            `parameter p: `,
		`{"id":1,"op":"query","text":"RETURN $p","params":{"p":{"$int":"1e3"}}}`:                                                        `parameter p: `,
		`{"id":1,"op":"query","text":"RETURN $p","params":{"p":{"$float":"many"}}}`:                                                     `parameter p: expected null`,
		`{"id":1,"op":"query","text":"RETURN $p","params":{"p":{"$list":{}}}}`:                                                          `parameter p: `,
		`{"id":1,"op":"query","text":"RETURN $p","params":{"p":{"$bytes":"%"}}}`:                                                        `parameter p: `,
		`{"id":1,"op":"query","text":"RETURN $p","params":{"p":{"$node":{}}}}`:                                                          `parameter p: expected null`,
		`{"id":1,"op":"query","text":"RETURN $p","params":{"p":{"$int":"1","x":1}}}`:                                                    `parameter p: expected null`,
		`{"id":1,"op":"query","text":"RETURN $p","params":{"p":` + strings.Repeat(`{"$list":[`, 130) + strings.Repeat(`]}`, 130) + `}}`: `parameter p: lists and maps lie more than 128 levels deep`,
		`{"id":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`:                                                        `"code":"INVALID_ARGUMENT"`,
	} {
		t.Run(request[:min(60, len(request))], func(t *testing.T) {
			answers := converse(t, request, `{"id":2,"op":"query","text":"RETURN 1"}`)
			require.Len(t, answers, 2)
			require.Contains(t, answers[0], want)
			require.True(t, json.Valid([]byte(answers[0])))
			require.Equal(t, `{"id":2,"columns":["1"],"rows":[[{"$int":"1"}]]}`, answers[1], "the conversation goes on")
		})
	}
}

func TestStdioFailedStatementsChangeNothing(t *testing.T) {
	answers := converse(t, `{"id":1,"op":"query","text":"UNWIND [1, 0] AS x CREATE ({n: 1 / x})"}`, `{"id":2,"op":"dump"}`)
	require.Contains(t, answers[0], "ArithmeticError")
	require.Equal(t, `{"id":2,"nodes":[],"rels":[]}`, answers[1])
}

func TestStdioValuesRoundTrip(t *testing.T) {
	for _, value := range []string{
		`null`, `true`, `false`, `""`, `"é\n\"\\"`, `{"$int":"0"}`, `{"$int":"-9223372036854775808"}`, `{"$int":"9223372036854775807"}`,
		`{"$float":1.5}`, `{"$float":1e+300}`, `{"$float":"NaN"}`, `{"$float":"Infinity"}`, `{"$float":"-Infinity"}`, `{"$float":"-0"}`, `{"$float":0}`,
		`{"$bytes":"AAH/"}`, `{"$list":[]}`, `{"$list":[null,{"$int":"1"},{"$list":["x"]}]}`, `{"$map":{}}`, `{"$map":{"__proto__":{"$int":"1"},"a":{"$map":{"b":null}}}}`,
	} {
		request := fmt.Sprintf(`{"id":1,"op":"query","text":"RETURN $p AS p","params":{"p":%s}}`, value)
		require.Equal(t, []string{`{"id":1,"columns":["p"],"rows":[[` + value + `]]}`}, converse(t, request))
	}
	stored := converse(t, `{"id":1,"op":"query","text":"CREATE (n {l: $l, b: $b, f: $f}) RETURN n.l, n.b, n.f","params":{"l":{"$list":[{"$int":"1"},{"$int":"2"}]},"b":{"$bytes":"AAH/"},"f":{"$float":"-0"}}}`)
	require.Equal(t, `{"id":1,"columns":["n.l","n.b","n.f"],"rows":[[{"$list":[{"$int":"1"},{"$int":"2"}]},{"$bytes":"AAH/"},{"$float":"-0"}]]}`, stored[0])
}

func TestStdioTemporalValues(t *testing.T) {
	values := `{"$list":[{"$date":"-0044-03-15"},{"$localtime":"23:59:59.999999999"},{"$time":"00:00+18:00"},{"$localdatetime":"+999999999-12-31T23:59:59"},` +
		`{"$datetime":"2017-10-29T02:30+01:00[Europe/Stockholm]"},{"$duration":"P1DT-0.5S"}]}`
	answers := converse(t, `{"id":1,"op":"query","text":"RETURN $v AS v","params":{"v":`+values+`}}`)
	require.Equal(t, `{"id":1,"columns":["v"],"rows":[[`+values+`]]}`, answers[0])
	for _, bad := range []string{`{"$date":"2015-02-29"}`, `{"$date":7}`, `{"$datetime":"2015-01-01T00:00[Nowhere]"}`, `{"$day":"2015-01-01"}`} {
		answers = converse(t, `{"id":1,"op":"query","text":"RETURN $v AS v","params":{"v":`+bad+`}}`)
		require.Contains(t, answers[0], `"error"`, bad)
	}
}

func TestStdioElements(t *testing.T) {
	answers := converse(t, `{"id":1,"op":"query","text":"CREATE p = (a:A:B {k: 1})<-[r:T]-(b) RETURN a, r, p"}`)
	a := `{"id":"1","labels":["A","B"],"props":{"k":{"$int":"1"}}}`
	b := `{"id":"2","labels":[],"props":{}}`
	r := `{"end":"1","id":"1","props":{},"start":"2","type":"T"}`
	require.Equal(t, `{"id":1,"columns":["a","r","p"],"rows":[[{"$node":`+a+`},{"$rel":`+r+`},{"$path":{"nodes":[`+a+`,`+b+`],"rels":[`+r+`]}}]]}`, answers[0])
}

func TestStdioKeepsWhatItIsTold(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "db")
	require.Equal(t, exitOK, call(`{"id":1,"op":"query","text":"CREATE (:A)"}`, "stdio", dir).code)
	r := call(`{"id":1,"op":"reset"}`+"\n"+`{"id":2,"op":"query","text":"MATCH (a:A) RETURN count(a) AS n"}`, "stdio", dir)
	require.Contains(t, r.out, "reset empties in-memory stores only")
	require.Contains(t, r.out, `{"id":2,"columns":["n"],"rows":[[{"$int":"1"}]]}`)
}

// endless is a line of n bytes that begins as a request.
func endless(n int64) io.Reader {
	return io.MultiReader(strings.NewReader(`{"id":1,"op":"query","text":"`), io.LimitReader(letters{}, n))
}

type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestStdioLinesThatAreTooLong(t *testing.T) {
	var out strings.Builder
	in := io.MultiReader(endless(maxLine+1), strings.NewReader("\"}\n{\"id\":2,\"op\":\"dump\"}\n"), endless(maxLine))
	require.Equal(t, exitOK, run([]string{"stdio"}, terminal{in: in, out: &out, err: io.Discard}))
	long := `{"id":null,"error":{"code":"LIMIT","message":"the line is longer than 64 MiB"}}` + "\n"
	require.Equal(t, long+`{"id":2,"nodes":[],"rels":[]}`+"\n"+long, out.String())
}

// FuzzStdioValue decodes anything; what decodes is encoded to what decodes to
// the same.
func FuzzStdioValue(f *testing.F) {
	for _, text := range []string{`null`, `{"$int":"1"}`, `{"$list":[{"$map":{"a":{"$float":"NaN"}}}]}`, `{"$bytes":"AAH/"}`, `{"$datetime":"2015-07-21T21:40[Europe/Stockholm]"}`, `{"$duration":"P0.5M"}`, `{"a":1}`, `[`, ``} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := decodeValue(json.RawMessage(text))
		if err != nil {
			return
		}
		first, err := json.Marshal(encodeValue(nil, v))
		require.NoError(t, err)
		again, err := decodeValue(first)
		require.NoError(t, err)
		second, err := json.Marshal(encodeValue(nil, again))
		require.NoError(t, err)
		require.Equal(t, string(first), string(second))
	})
}

//go:build js && wasm

package jsutil

import (
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/wasmtest"
)

func TestMain(m *testing.M) { wasmtest.Main(m, wasmtest.Options{}) }

// throwing is a function of the browser's own that throws what it is given.
func throwing(reason any) js.Value {
	signal := js.Global().Get("AbortSignal").Call("abort", reason)
	return signal.Get("throwIfAborted").Call("bind", signal)
}

func TestThrown(t *testing.T) {
	for _, c := range []struct {
		thrown any
		want   Error
	}{
		{js.Global().Get("TypeError").New("no such thing"), Error{"TypeError", "no such thing"}},
		{js.Global().Get("DOMException").New("gone", "NotFoundError"), Error{"NotFoundError", "gone"}},
		{"a string", Error{"", "a string"}},
		{7, Error{"", "<number: 7>"}},
		{nil, Error{}},
		{map[string]any{}, Error{"", "an object that is no error was thrown"}},
		{map[string]any{"name": 1, "message": true}, Error{"<number: 1>", "<boolean: true>"}},
	} {
		_, err := Invoke(throwing(c.thrown))
		require.Equal(t, &c.want, err)
		_, err = Await(js.Global().Get("Promise").Call("reject", c.thrown))
		require.Equal(t, &c.want, err)
	}
	require.Equal(t, "TypeError: no such thing", (&Error{"TypeError", "no such thing"}).Error())
}

func TestMisuseIsAnError(t *testing.T) {
	_, err := Call(js.Global(), "noSuchMethod")
	require.Equal(t, "TypeError", NameOf(err))
	_, err = New("NoSuchClass")
	require.Equal(t, "TypeError", NameOf(err))
	_, err = Call(js.Undefined(), "x")
	require.Equal(t, "TypeError", NameOf(err))
	v, err := Get(js.Global(), "none", "below")
	require.NoError(t, err)
	require.True(t, v.IsUndefined())
}

func TestOtherPanicsGoOn(t *testing.T) {
	require.PanicsWithValue(t, "ours", func() {
		var err error
		defer Recover(&err)
		panic("ours")
	})
}

func TestAwait(t *testing.T) {
	v, err := AwaitCall(js.Global().Get("Promise"), "resolve", 42)
	require.NoError(t, err)
	require.Equal(t, 42, v.Int())
	v, err = Await(js.ValueOf("no promise"))
	require.NoError(t, err)
	require.Equal(t, "no promise", v.String())
}

func TestBind(t *testing.T) {
	max, err := Bind(js.Global().Get("Math").Get("max"), js.Undefined(), 1, 5)
	require.NoError(t, err)
	v, err := Invoke(max, 3)
	require.NoError(t, err)
	require.Equal(t, 5, v.Int())
}

//go:build !js

package jsbridge

import (
	"encoding/hex"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// seeds gives a fuzz target the golden messages.
func seeds(f *testing.F, of func(goldenFile) []golden) {
	var g goldenFile
	require.NoError(f, json.Unmarshal(goldenBytes, &g))
	for _, c := range of(g) {
		b, err := hex.DecodeString(c.Hex)
		require.NoError(f, err)
		f.Add(b)
	}
}

// FuzzRequest: any bytes are a request or an error, and a request that was
// understood encodes to bytes that are understood the same.
func FuzzRequest(f *testing.F) {
	seeds(f, func(g goldenFile) []golden { return g.Requests })
	f.Fuzz(func(t *testing.T, b []byte) {
		for len(b) > 0 {
			frame, rest, err := nextFrame(b, requestHeader)
			if err != nil {
				return
			}
			b = rest
			r, err := ParseRequest(frame)
			if err != nil {
				continue
			}
			once, err := AppendRequest(nil, r)
			require.NoError(t, err)
			again, err := ParseRequest(once)
			require.NoError(t, err)
			twice, err := AppendRequest(nil, again)
			require.NoError(t, err)
			require.Equal(t, once, twice)
		}
	})
}

// FuzzAnswer: any bytes are an answer or an error.
func FuzzAnswer(f *testing.F) {
	seeds(f, func(g goldenFile) []golden { return g.Answers })
	f.Fuzz(func(t *testing.T, b []byte) {
		for len(b) > 0 {
			frame, rest, err := nextFrame(b, frameHeader)
			if err != nil {
				return
			}
			b = rest
			_, _ = answerTree(frame)
		}
	})
}

// FuzzDispatcher: no bytes stop the engine.
func FuzzDispatcher(f *testing.F) {
	seeds(f, func(g goldenFile) []golden { return g.Requests })
	hello, err := AppendRequest(nil, &Request{Op: OpHello, ID: 1, Version: ProtocolVersion})
	require.NoError(f, err)
	open, err := AppendRequest(nil, &Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a"}})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, b []byte) {
		l, _ := newFake(t)
		l.d.Begin(append(append([]byte{}, hello...), open...))
		l.last(2)
		l.d.Begin(b)
		require.False(t, l.d.Dead())
	})
}

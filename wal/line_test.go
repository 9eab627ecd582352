package wal

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLineOfOlderMeta: programs before byte 384 had a meaning noted a salvage
// only as an incarnation that began behind nothing.
func TestLineOfOlderMeta(t *testing.T) {
	var m meta
	m.version = FormatVersion
	m.current = way{kind: wayEmpty, log: position{offset: blockSize}}
	m.attested = m.current.log
	read := func() meta {
		var b [blockSize]byte
		encodeMeta(b[:], &m)
		got, ok := decodeMeta(b[:])
		require.True(t, ok)
		return got
	}
	require.Zero(t, read().line)
	for range 20 {
		m.beginIncarnation(7)
	}
	require.Zero(t, read().line)
	m.beginIncarnation(0)
	salvaged := m.incarnation
	m.beginIncarnation(9)
	m.line = 0
	got := read()
	require.Equal(t, salvaged, got.line)
	require.False(t, got.sameLine(salvaged-1))
	require.True(t, got.sameLine(salvaged))
}

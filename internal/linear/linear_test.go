package linear

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestCheck: histories that are linearizable, and ones that only seem so.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		what, history string
		want          error
	}{
		{"one after the other", `
			{"kind":"write","value":5,"answer":5,"call":1,"return":2}
			{"kind":"add","value":2,"answer":7,"call":3,"return":4}
			{"kind":"read","answer":7,"call":5,"return":6}`, nil},
		{"at the same time, in either order", `
			{"kind":"add","value":5,"answer":7,"call":1,"return":4}
			{"kind":"add","value":2,"answer":2,"call":2,"return":3}`, nil},
		{"each by itself", `
			{"kind":"write","key":1,"value":5,"answer":5,"call":1,"return":2}
			{"kind":"read","key":2,"answer":0,"call":3,"return":4}`, nil},
		{"nobody knows, and it was", `
			{"kind":"add","value":5,"call":1}
			{"kind":"read","answer":0,"call":2,"return":3}
			{"kind":"read","answer":5,"call":4,"return":5}`, nil},
		{"nobody knows, and it was not", `
			{"kind":"add","value":5,"call":1}
			{"kind":"read","answer":0,"call":4,"return":5}`, nil},
		{"nobody knows, and it was twice", `
			{"kind":"add","value":5,"call":1}
			{"kind":"read","answer":10,"call":4,"return":5}`, ErrNotLinearizable},
		{"a write that was lost", `
			{"kind":"write","value":5,"answer":5,"call":1,"return":2}
			{"kind":"read","answer":0,"call":3,"return":4}`, ErrNotLinearizable},
		{"a read of what is not there yet", `
			{"kind":"read","answer":5,"call":1,"return":2}
			{"kind":"write","value":5,"answer":5,"call":3,"return":4}`, ErrNotLinearizable},
		{"a read that goes back", `
			{"kind":"write","value":5,"answer":5,"call":1,"return":6}
			{"kind":"read","answer":5,"call":2,"return":3}
			{"kind":"read","answer":0,"call":4,"return":5}`, ErrNotLinearizable},
		{"a lost update", `
			{"kind":"add","value":5,"answer":5,"call":1,"return":3}
			{"kind":"add","value":2,"answer":2,"call":2,"return":4}`, ErrNotLinearizable},
		{"a sum of two that nobody added", `
			{"kind":"add","value":5,"answer":10,"call":1,"return":3}`, ErrNotLinearizable},
	} {
		history, err := Read(strings.NewReader(c.history))
		require.NoError(t, err, c.what)
		require.Equal(t, c.want, Check(history, time.Minute), c.what)
	}
}

// TestNoHistory: what is no history is not taken for a good one.
func TestNoHistory(t *testing.T) {
	for _, text := range []string{"", `{"kind":"guess","call":1}`, `{"kind":"read"}`, `{"kind":"read","call":2,"return":1}`} {
		history, err := Read(strings.NewReader(text))
		require.NoError(t, err)
		require.Error(t, Check(history, time.Minute), text)
	}
	for _, text := range []string{"{", `{"call":"noon"}`, "[]"} {
		_, err := Read(strings.NewReader(text))
		require.Error(t, err, text)
	}
}

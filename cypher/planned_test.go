package cypher

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestKnownFunctionsAreNotUnknown: a function that is not executed yet says so,
// a misspelt one is unknown.
func TestKnownFunctionsAreNotUnknown(t *testing.T) {
	for text, code := range map[string]string{
		"RETURN Normalize('a') AS d": "NotImplemented",
		"RETURN dote(1)":             "SyntaxError",
	} {
		_, err := NewEngine(Config{}).Prepare(text)
		var e *Error
		require.True(t, errors.As(err, &e), text)
		require.Equal(t, code, e.Code, text)
	}
}

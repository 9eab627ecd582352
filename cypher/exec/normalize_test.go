package exec

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// TestTextsAreCutWhereNothingIsJoined: what beginsText says of a character holds
// in the tables, in every form and behind every character there is a pair with.
func TestTextsAreCutWhereNothingIsJoined(t *testing.T) {
	for _, form := range []norm.Form{norm.NFC, norm.NFD, norm.NFKC, norm.NFKD} {
		for _, b := range beginners {
			for c := b[0]; c <= b[1]; c++ {
				if c >= 0xD800 && c < 0xE000 || !unicode.IsPrint(c) {
					continue
				}
				if !form.PropertiesString(string(c)).BoundaryBefore() {
					require.Failf(t, "it is joined with what is before it", "%U in form %d", c, form)
				}
			}
		}
	}
}

// TestNormalizeInPieces: the pieces together are what the whole is.
func TestNormalizeInPieces(t *testing.T) {
	for _, unit := range []string{"e\u0301", "\u1112\u1161\u11ab", "한\u11a8", "\u30ab\u3099", "\uFB01\u0323\u0307", "ä\u0301한ω語", "\u0915\u093c", "a\u0301\u0328"} {
		for shift := range 3 {
			text := strings.Repeat("x", shift) + strings.Repeat(unit, 2*pieceBytes/len(unit))
			for name, form := range map[string]norm.Form{"NFC": norm.NFC, "NFD": norm.NFD, "NFKC": norm.NFKC, "NFKD": norm.NFKD} {
				r := &Run{limits: DefaultLimits}
				r.weighAt = DefaultLimits.Memory
				got := r.normalize(name, text, syntax.Range{})
				require.NoError(t, r.err)
				require.True(t, form.String(text) == got.AsString(), "%q, %d, %s", unit, shift, name)
			}
		}
	}
	r := &Run{limits: DefaultLimits}
	r.weighAt = DefaultLimits.Memory
	require.Equal(t, graph.KindString, r.normalize("NFC", "a"+strings.Repeat("\u0301", 1000), syntax.Range{}).Kind())
	r.normalize("NFC", "a"+strings.Repeat("\u0301", maxUnbroken), syntax.Range{})
	require.ErrorContains(t, r.err, "LimitError")
}

package exec

import (
	"math/rand/v2"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRegexAgreesWithPackageRegexp matches random patterns against random texts,
// here and with Go's own package.
func TestRegexAgreesWithPackageRegexp(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var pattern func(depth int) string
	pattern = func(depth int) string {
		atoms := []string{"a", "b", "c", ".", "[ab]", "[^a]", `\w`, `\b`, "^", "$", "ä", "[a-b]"}
		if depth == 0 {
			return atoms[random.IntN(len(atoms))]
		}
		switch random.IntN(6) {
		case 0:
			return pattern(depth-1) + "|" + pattern(depth-1)
		case 1:
			return "(" + pattern(depth-1) + ")" + []string{"*", "+", "?", "{2}", "{0,2}", "{1,}", "*?"}[random.IntN(7)]
		case 2:
			return "(?i:" + pattern(depth-1) + ")"
		}
		return pattern(depth-1) + pattern(depth-1)
	}
	r := &Run{rt: &Runtime{}}
	matched := 0
	for range 3000 {
		p := pattern(1 + random.IntN(4))
		want, err := regexp.Compile("^(?:" + p + ")$")
		x, wrong := compileRegex(p)
		require.Equal(t, err == nil, wrong == "", "%s: %v, %s", p, err, wrong)
		if err != nil {
			continue
		}
		for range 5 {
			text := ""
			for range random.IntN(5) {
				text += []string{"a", "b", "c", "A", "ä", "Ä", " "}[random.IntN(7)]
			}
			if want.MatchString(text) {
				matched++
			}
			require.Equal(t, want.MatchString(text), x.match(r, text), "%q =~ %q", text, p)
		}
	}
	require.Greater(t, matched, 1000)
}

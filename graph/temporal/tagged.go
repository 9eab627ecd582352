package temporal

import (
	"strings"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Tagged is how notations that know no dates hold one: the key of an object
// with one member ($date, $localtime, $time, $localdatetime, $datetime or
// $duration) and the text that is its value. The key is empty for other kinds.
func Tagged(v graph.Value) (key, text string) {
	if text = Text(v); text == "" {
		return "", ""
	}
	return "$" + strings.ToLower(v.Kind().String()), text
}

// FromTagged reads what Tagged gives. known is false when the key is none of
// its keys.
func FromTagged(key, text string) (v graph.Value, known bool, err error) {
	for k := graph.KindDate; k <= graph.KindDuration; k++ {
		if key == "$"+strings.ToLower(k.String()) {
			v, err = Parse(k, text)
			return v, true, err
		}
	}
	return graph.Null, false, nil
}

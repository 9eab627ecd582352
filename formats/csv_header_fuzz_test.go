package formats

import (
	"strings"
	"testing"

	"github.com/pocketgraph/pocketgraph/internal/csv"
)

// FuzzHeader reads anything as a file with a header and converts its fields: no
// panic.
func FuzzHeader(f *testing.F) {
	for _, text := range []string{
		"id:ID(Person),name,born:INT,:LABEL\n1,\"A \"\"B\"\"\",1970,Person;Actor\n", ":START_ID,:END_ID,:TYPE,w:FLOAT[]\n1,2,KNOWS,1;2\n",
		"a:ID,b:BOOLEAN,:IGNORE\n,\"\",\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r := csv.NewReader(strings.NewReader(string(text)), "f", ',')
		fields, _, err := r.Next()
		if err != nil {
			return
		}
		h, err := parseHeader(fields, nil)
		for err == nil {
			if fields, _, err = r.Next(); err != nil {
				return
			}
			for i := range min(len(fields), len(h.columns)) {
				_, _ = h.columns[i].value(fields[i], ";")
			}
		}
	})
}

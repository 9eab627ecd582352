package csv

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// lines reads a whole text; each field is shown as text, quoted ones in <>.
func lines(t *testing.T, text string) ([][]string, error) {
	t.Helper()
	var out [][]string
	r := NewReader(iotest.HalfReader(strings.NewReader(text)), "f.csv", ',')
	for {
		fields, _, err := r.Next()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		var line []string
		for _, f := range fields {
			if f.Quoted {
				f.Text = "<" + f.Text + ">"
			}
			line = append(line, f.Text)
		}
		out = append(out, line)
	}
}

func TestCSVForms(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       [][]string
	}{
		{"nothing", "", nil},
		{"only line ends", "\n\r\n\n", nil},
		{"no line end at the end", "a,b", [][]string{{"a", "b"}}},
		{"line end at the end", "a,b\n", [][]string{{"a", "b"}}},
		{"carriage returns", "a,b\r\nc,d\r\n", [][]string{{"a", "b"}, {"c", "d"}}},
		{"carriage return at the very end", "a,b\r", [][]string{{"a", "b"}}},
		{"carriage return inside a field", "a\rb,c\n", [][]string{{"a\rb", "c"}}},
		{"byte order mark", "\xef\xbb\xbfa,b\n", [][]string{{"a", "b"}}},
		{"byte order mark alone", "\xef\xbb\xbf", nil},
		{"empty lines between", "a\n\n\nb\n", [][]string{{"a"}, {"b"}}},
		{"empty fields", ",\n", [][]string{{"", ""}}},
		{"ends with a comma", "a,", [][]string{{"a", ""}}},
		{"quoted empty is not empty", `"",,""` + "\n", [][]string{{"<>", "", "<>"}}},
		{"quoted empty alone", "\"\"\n", [][]string{{"<>"}}},
		{"comma in quotes", `"a,b",c`, [][]string{{"<a,b>", "c"}}},
		{"doubled quotes", `"a ""b"" c",""""` + "\n", [][]string{{`<a "b" c>`, `<">`}}},
		{"line ends in quotes", "\"a\nb\r\nc\",d\n", [][]string{{"<a\nb\r\nc>", "d"}}},
		{"carriage return after quotes", "\"a\"\r\n\"b\"\r", [][]string{{"<a>"}, {"<b>"}}},
		{"quote inside an unquoted field", "a\"b\",c\n", [][]string{{`a"b"`, "c"}}},
		{"spaces stay", " a , b\n", [][]string{{" a ", " b"}}},
		{"lines of different lengths", "a\nb,c\n", [][]string{{"a"}, {"b", "c"}}},
		{"not ASCII", "é,日本\n", [][]string{{"é", "日本"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := lines(t, c.text)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestCSVErrorsNameTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"quote never closed", "a,b\n1,2\n3,\"4\n5,6\n", "f.csv, line 3, column 2: the quote that opens here is never closed"},
		{"text after a quote", "a\n\"b\nc\"d\n", "f.csv, line 3, column 1: text after the closing quote"},
		{"carriage return after a quote", "\"a\"\rb\n", "f.csv, line 1, column 1: text after the closing quote"},
		{"not UTF-8", "a,b\nx,caf\xe9\n", "f.csv, line 2, column 2: the text is not UTF-8"},
		{"UTF-16", "\xff\xfea\x00,\x00", "f.csv, line 1, column 1: the text is not UTF-8"},
		{"too many fields", "a\n" + strings.Repeat(",", MaxColumns), "f.csv, line 2, column 4097: more than 4096 fields in a line"},
		{"too long", "a\n\"" + strings.Repeat("b\n", MaxLineBytes/2+1), "f.csv, line 2, column 1: the line is longer than 16 MiB; perhaps a quote is never closed"},
		{"too long together", strings.Repeat(strings.Repeat("b", MaxLineBytes/3)+",", 4), "f.csv, line 1, column 4: the line is longer than 16 MiB; perhaps a quote is never closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := lines(t, c.text)
			require.EqualError(t, err, c.want)
			var place *PlaceError
			require.ErrorAs(t, err, &place)
		})
	}
}

func TestCSVLineNumbers(t *testing.T) {
	r := NewReader(strings.NewReader("a\n\n\"b\nb\"\nc"), "f.csv", ',')
	for _, want := range []int{1, 3, 5} {
		_, line, err := r.Next()
		require.NoError(t, err)
		require.Equal(t, want, line)
	}
	_, _, err := r.Next()
	require.Equal(t, io.EOF, err)
}

func TestCSVReadErrorsPassThrough(t *testing.T) {
	for _, text := range []string{"", "a,b", `"a`, `"a"`} {
		r := NewReader(io.MultiReader(strings.NewReader(text), iotest.ErrReader(io.ErrUnexpectedEOF)), "f.csv", ',')
		_, _, err := r.Next()
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%q", text)
	}
}

// write is the inverse of the reader, for the fuzz target.
func write(fields []Field) string {
	var b strings.Builder
	for i, f := range fields {
		if i > 0 {
			b.WriteByte(',')
		}
		mark := i == 0 && strings.HasPrefix(f.Text, "\xef\xbb\xbf") // at the beginning of a file it is none of the text
		if f.Quoted || mark || strings.ContainsAny(f.Text, ",\"\r\n") {
			b.WriteString(`"` + strings.ReplaceAll(f.Text, `"`, `""`) + `"`)
		} else {
			b.WriteString(f.Text)
		}
	}
	return b.String() + "\n"
}

// FuzzCSV reads anything: no panic, errors have places, and what was read is
// read again from its own spelling.
func FuzzCSV(f *testing.F) {
	for _, text := range []string{
		"id:ID(Person),name,born:INT,:LABEL\n1,\"A \"\"B\"\"\",1970,Person;Actor\n", ":START_ID,:END_ID,:TYPE,w:FLOAT[]\n1,2,KNOWS,1;2\n",
		"\xef\xbb\xbfa:ID\r\n\"x\r\ny\"\r\n", "a:ID,b:BOOLEAN,:IGNORE\n,\"\",\n", "a:ID\n\"", "a,b:ID\n\xff,1\n", "a\n\xef\xbb\xbf",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r := NewReader(strings.NewReader(string(text)), "f", ',')
		for {
			fields, line, err := r.Next()
			if err == io.EOF {
				return
			}
			if err != nil {
				var place *PlaceError
				require.ErrorAs(t, err, &place)
				require.Positive(t, place.Line)
				return
			}
			require.Positive(t, line)
			again, _, err := NewReader(strings.NewReader(write(fields)), "f", ',').Next()
			require.NoError(t, err)
			require.Len(t, again, len(fields))
			for i := range fields {
				require.Equal(t, fields[i].Text, again[i].Text)
			}
		}
	})
}

package export

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/azure/queries"
)

// bicepReader reads the strings and brackets of Bicep. There is no Bicep compiler here: this finds what does not close, no
// more.
type bicepReader struct {
	text    string
	at      int
	strings []string
}

// code reads until the closing bracket, or to the end where that is 0.
func (r *bicepReader) code(closing byte) error {
	for r.at < len(r.text) {
		c := r.text[r.at]
		switch {
		case strings.HasPrefix(r.text[r.at:], "//"):
			r.at += max(1, strings.IndexByte(r.text[r.at:], '\n'))
		case strings.HasPrefix(r.text[r.at:], "'''"):
			end := strings.Index(r.text[r.at+3:], "'''")
			if end < 0 {
				return fmt.Errorf("a text of several lines does not end: %.60s", r.text[r.at:])
			}
			r.strings = append(r.strings, strings.TrimPrefix(r.text[r.at+3:r.at+3+end], "\n"))
			r.at += end + 6
		case c == '\'':
			r.at++
			if err := r.quoted(); err != nil {
				return err
			}
		case strings.IndexByte("([{", c) >= 0:
			r.at++
			if err := r.code(")]}"[strings.IndexByte("([{", c)]); err != nil {
				return err
			}
		case strings.IndexByte(")]}", c) >= 0:
			if c != closing {
				return fmt.Errorf("%c closes nothing: %.60s", c, r.text[r.at:])
			}
			r.at++
			return nil
		default:
			r.at++
		}
	}
	if closing != 0 {
		return fmt.Errorf("%c is missing", closing)
	}
	return nil
}

var unescapesBicep = map[byte]string{'\\': `\`, '\'': "'", 'n': "\n", 'r': "\r", 't': "\t", '$': "$"}

// quoted reads a string behind its opening quote, with what is interpolated.
func (r *bicepReader) quoted() error {
	var b strings.Builder
	for r.at < len(r.text) {
		c := r.text[r.at]
		r.at++
		switch {
		case c == '\'':
			r.strings = append(r.strings, b.String())
			return nil
		case c == '\n':
			return fmt.Errorf("a string does not end on its line: %s", b.String())
		case c == '\\':
			s, ok := unescapesBicep[r.text[r.at]]
			if !ok {
				return fmt.Errorf(`\%c is no escape`, r.text[r.at])
			}
			b.WriteString(s)
			r.at++
		case c == '$' && r.text[r.at] == '{':
			r.at++
			if err := r.code('}'); err != nil {
				return err
			}
		default:
			b.WriteByte(c)
		}
	}
	return fmt.Errorf("a string does not end: %s", b.String())
}

func readBicep(text string) ([]string, error) {
	r := &bicepReader{text: text}
	err := r.code(0)
	return r.strings, err
}

func TestBicepCloses(t *testing.T) {
	for kind, build := range templates {
		t.Run(kind, func(t *testing.T) {
			text := string(build().Bicep())
			if _, err := readBicep(text); err != nil {
				t.Errorf("%v in\n%s", err, text)
			}
			resources := regexp.MustCompile(`(?m)^resource (\w+) '[\w.]+/[\w/]+@\d{4}-\d\d-\d\d' = \{$`).FindAllStringSubmatch(text, -1)
			if len(resources) != len(build().Resources) {
				t.Errorf("%d of %d resources begin as they should", len(resources), len(build().Resources))
			}
			symbols := map[string]bool{}
			for _, r := range resources {
				if symbols[r[1]] {
					t.Errorf("the symbol %s is there twice", r[1])
				}
				symbols[r[1]] = true
			}
		})
	}
}

func TestBicepHoldsTheQueries(t *testing.T) {
	for _, build := range []func() Template{SavedSearches, QueryPack} {
		got, err := readBicep(string(build().Bicep()))
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range queries.All() {
			if !slices.Contains(got, q.Text) {
				t.Errorf("the text of query %s does not come back", q.Name)
			}
		}
	}
}

func TestStringsOfBicep(t *testing.T) {
	for _, text := range []string{
		"", "plain", "it's", `back\slash`, "${resourceGroup().id}", "$5", `\${x}`, "'", "'''", "''", "tab\tand\rreturn", "a\nb", "a\n'''b", "a\nb'", "a\n${b}\n", "\nfirst line empty", "a\r\nb",
	} {
		written := bicep(List{Text(text)}, "")
		got, err := readBicep(written)
		if err != nil || len(got) != 1 || got[0] != text {
			t.Errorf("%q is written as %s and read as %q, %v", text, written, got, err)
		}
	}
	if got := bicep(call("concat", Text("it's ${no}"), Ref("yes")), ""); got != `'it\'s \${no}${yes}'` {
		t.Errorf("got %s", got)
	}
	if got := bicep(List{Number(2), Number(2.5)}, ""); got != "[\n  2\n  json('2.5')\n]" {
		t.Errorf("got %s", got)
	}
}

// What the reader must find, else the tests above find nothing.
func TestBicepReaderFinds(t *testing.T) {
	for _, text := range []string{"{", "{ ]", "'a", "'a\nb'", "'''a", `'\q'`, "'${a'", "}", "'it's'"} {
		if got, err := readBicep(text); err == nil {
			t.Errorf("%s is read as %q", text, got)
		}
	}
}

package access

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the page of the permissions anew")

const page = "../../docs/azure/permissions.md"

const intro = `<!-- Written by make docs from azure/access; do not edit. -->
# What crashproof reads in Azure, and which right each needs

Nothing is ever written, and no key or password is listed. Each source is optional: without its right the report says what is
missing and which role closes the gap, and the verdict is made from what is left. ` + "`crashproof azure check`" + ` says which can be
read now; ` + "`crashproof azure export --what role`" + ` writes a custom role with exactly these actions (a test compares them with what
the collector asks for).

The built-in roles are the least that the vendor's documentation names, as far as it names one. They were tried against no real
subscription.

| source | what for | built-in role | on | actions of the custom role |
|---|---|---|---|---|
`

func TestPage(t *testing.T) {
	got := bytes.NewBufferString(intro)
	for _, s := range Sources() {
		var actions []string
		for _, a := range s.Actions {
			actions = append(actions, "`"+a+"`")
		}
		for _, a := range s.DataActions {
			actions = append(actions, "`"+a+"` (data)")
		}
		fmt.Fprintf(got, "| %s | %s | %s | %s | %s |\n", s.What, s.For, s.Role, s.On, strings.Join(actions, "<br>"))
	}
	if *update {
		if err := os.WriteFile(page, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Error("docs/azure/permissions.md differs from the sources; `make docs` writes it")
	}
}

func TestNothingIsWritten(t *testing.T) {
	for _, s := range Sources() {
		if s.ID == "" || s.What == "" || s.For == "" || s.Role == "" || s.On == "" || len(s.Actions) == 0 {
			t.Errorf("%+v is not whole", s)
		}
		for _, a := range append(s.Actions, s.DataActions...) {
			if !strings.HasSuffix(a, "/read") {
				t.Errorf("%s: %s is no read", s.ID, a)
			}
		}
	}
}

package export

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/azure/queries"
)

func TestRoleReadsOnly(t *testing.T) {
	text, err := Role([]string{"/subscriptions/s"})
	if err != nil {
		t.Fatal(err)
	}
	var r role
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	for _, a := range append(r.Actions, r.DataActions...) {
		if !strings.HasSuffix(a, "/read") || strings.Contains(a, "*") {
			t.Errorf("%s is no single read", a)
		}
		for _, secret := range []string{"sharedKeys", "listKeys", "Credential", "secrets"} {
			if strings.Contains(a, secret) {
				t.Errorf("%s reads secrets", a)
			}
		}
	}
	if !r.IsCustom || len(r.DataActions) != 1 || !slices.Equal(r.AssignableScopes, []string{"/subscriptions/s"}) {
		t.Errorf("got %+v", r)
	}
}

func TestRoleHasTheTablesOfTheQueries(t *testing.T) {
	all := Permissions()
	for _, q := range queries.All() {
		for _, table := range q.Tables {
			want := "Microsoft.OperationalInsights/workspaces/query/" + table + "/read"
			if !slices.ContainsFunc(all, func(p Permission) bool { return p.Action == want }) {
				t.Errorf("query %s needs %s", q.Name, want)
			}
		}
	}
	seen := map[string]bool{}
	for _, p := range all {
		if p.For == "" || seen[p.Action] {
			t.Errorf("%s is there twice or says not what it is for", p.Action)
		}
		seen[p.Action] = true
	}
}

func TestFilesRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, c := range []struct {
		kinds, formats []string
		want           string
	}{
		{[]string{"dashboards"}, Formats, `--what "dashboards" is not known; give one or more of searches,`},
		{Kinds, []string{"terraform"}, `--format "terraform" is not known; give one or more of bicep, arm`},
		{nil, Formats, "--what names nothing"},
	} {
		if _, err := Files(c.kinds, c.formats, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q in it", err, c.want)
		}
	}
}

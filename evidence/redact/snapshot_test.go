package redact

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crashproof-dev/crashproof/evidence"
)

// manifest is a Deployment as people apply it; %NAME% stands for secrets made in the test.
const manifest = `{
 "metadata": {"name": "api", "namespace": "shop", "labels": {"token": "blue"},
  "annotations": {"note": "ask ops", "crashproof.dev/unknown.api": "restartCount"}},
 "spec": {"template": {"spec": {
  "volumes": [{"name": "tls", "secret": {"secretName": "tls-cert-token"}}],
  "containers": [{
   "name": "api", "image": "registry.example:5000/shop/api:1.2",
   "command": ["/bin/sh", "-c", "export DB_PASSWORD=%A%; exec api"],
   "args": ["--db-password", "%A%", "--port", "8080", "--token-file", "/run/token"],
   "env": [
    {"name": "DB_PASSWORD", "value": "%A%"},
    {"name": "DB_HOST", "value": "db.shop"},
    {"name": "DATABASE_URL", "value": "postgres://app:%B%@db:5432/shop"},
    {"name": "ConnectionStrings__Default", "value": "Server=db;User Id=app;Password=%C%;"},
    {"name": "JAVA_OPTS", "value": "-Xmx512m -Ddb.password=%A% -Dport=8080"},
    {"name": "TOKEN_TTL", "value": "3600"},
    {"name": "API_TOKEN", "valueFrom": {"secretKeyRef": {"name": "api-token", "key": "token"}}},
    {"name": "EMPTY_SECRET", "value": ""}],
   "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8080, "httpHeaders": [{"name": "Authorization", "value": "Bearer %D%"}]}}
  }]}}},
 "status": {"conditions": [{"type": "Available", "message": "login with password=%A% failed"}]}
}`

func fill(secrets map[string]string, text string) string {
	for k, v := range secrets {
		text = strings.ReplaceAll(text, "%"+k+"%", v)
	}
	return text
}

func snapshotOf(t *testing.T, secrets map[string]string) *evidence.Snapshot {
	t.Helper()
	text := fill(secrets, manifest)
	var raw evidence.Raw
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		t.Fatal(err)
	}
	var compact map[string]any
	if err := json.Unmarshal([]byte(text), &compact); err != nil {
		t.Fatal(err)
	}
	applied, err := json.Marshal(compact)
	if err != nil {
		t.Fatal(err)
	}
	raw.Map("metadata", "annotations")["kubectl.kubernetes.io/last-applied-configuration"] = string(applied) + "\n"
	secret := evidence.Raw{"metadata": map[string]any{"name": "s", "namespace": "shop"}, "data": map[string]any{"user": secrets["E"]}}
	return &evidence.Snapshot{
		Objects: []evidence.Object{evidence.NewObject(raw, "apps/v1", "Deployment", "live"), evidence.NewObject(secret, "v1", "Secret", "file")},
		Events:  []evidence.Event{{Reason: "Unhealthy", Message: "Liveness probe failed: token=" + secrets["D"]}},
		Logs:    []evidence.Log{{Text: []byte("trying " + secrets["A"] + "\nuser app, " + secrets["B"] + "!\n")}},
		Gaps:    []evidence.Gap{{What: "x", Detail: "https://u:" + secrets["C"] + "@proxy refused"}},
		Population: evidence.Population{
			Nodes: []evidence.NodeRow{{Name: "n1", ReadyMessage: "kubelet: Authorization: Bearer " + secrets["D"]}}},
	}
}

func made() map[string]string {
	return map[string]string{"A": letters(16), "B": letters(17), "C": letters(18), "D": letters(32), "E": base(20)}
}

func TestSnapshotHoldsNoSecret(t *testing.T) {
	secrets := made()
	s := snapshotOf(t, secrets)
	if err := Snapshot(s, Options{}); err != nil {
		t.Fatal(err)
	}
	if !s.Redacted {
		t.Error("the snapshot is not marked as redacted")
	}
	all, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, s.Logs[0].Text...)
	for name, v := range secrets {
		if strings.Contains(string(all), v) {
			t.Errorf("secret %s is left in\n%s", name, all)
		}
	}
}

// TestSnapshotKeepsTheRest puts the placeholders into the manifest and compares.
func TestSnapshotKeepsTheRest(t *testing.T) {
	secrets := made()
	s := snapshotOf(t, secrets)
	r := redactor(t)
	r.Snapshot(s)
	kinds := map[string]string{"A": "password", "B": "password", "C": "password", "D": "header", "E": "secret-data"}
	marks := map[string]string{}
	for name, v := range secrets {
		marks[name] = r.mark(kinds[name], []byte(v))
	}
	want := snapshotOf(t, marks)
	want.Redacted = true
	want.Events[0].Message = "Liveness probe failed: token=" + r.mark("token", []byte(secrets["D"]))
	last := "kubectl.kubernetes.io/last-applied-configuration" // written anew, without the line's end
	a := want.Objects[0].Raw.Map("metadata", "annotations")
	a[last] = strings.TrimSpace(a[last].(string))
	if d := cmp.Diff(want.Objects, s.Objects); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(want.Events, s.Events); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(string(want.Logs[0].Text), string(s.Logs[0].Text)); d != "" {
		t.Error(d)
	}
	once, _ := json.Marshal(s)
	r.Snapshot(s)
	if twice, _ := json.Marshal(s); string(twice) != string(once) {
		t.Errorf("redacted again it differs:\n%s\n%s", once, twice)
	}
}

func TestLearnedInOneRoundFoundInTheNext(t *testing.T) {
	secrets := made()
	r := redactor(t)
	s := snapshotOf(t, secrets)
	r.Snapshot(s)
	s.Logs = append(s.Logs, evidence.Log{Text: []byte("got " + secrets["A"])})
	r.Snapshot(s)
	if want, got := "got "+r.mark("password", []byte(secrets["A"])), string(s.Logs[1].Text); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSkipMovesWithTheText(t *testing.T) {
	head, tail := "password="+letters(40)+"\n", "end\n"
	s := &evidence.Snapshot{Logs: []evidence.Log{{Text: []byte(head + tail), Skip: len(head)}}}
	redactor(t).Snapshot(s)
	if l := s.Logs[0]; string(l.Text[l.Skip:]) != tail {
		t.Errorf("after the left-out lines stands %q, want %q", l.Text[l.Skip:], tail)
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]bool{
		"DB_PASSWORD": true, "dbPassword": true, "db.password": true, "POSTGRES_PASSWD": true, "MYSQL_PWD": true, "API_KEY": true, "apiKey": true,
		"AWS_SECRET_ACCESS_KEY": true, "CLIENT_SECRET": true, "GITHUB_TOKEN": true, "SECRET_KEY_BASE": true, "AZURE_STORAGE_ACCOUNT_KEY": true,
		"AccountKey": true, "Authorization": true, "passwordHash": true, "VAULT_SECRET_ID": true,
		"DB_PASSWORD_FILE": false, "passwordFile": false, "TOKEN_URL": false, "SECRET_NAME": false, "secretName": false, "AWS_ACCESS_KEY_ID": false,
		"MAX_TOKENS": false, "TOKEN_TTL": false, "KEY": false, "HOST": false, "PRIMARY_KEY": false, "KEYCLOAK_HOST": false, "PASSWORD_MIN_LENGTH": false,
	} {
		if got := secretKind(name) != ""; got != want {
			t.Errorf("%s: secret %v, want %v", name, got, want)
		}
	}
}

// What a population's rows take for hosts is redacted like everything else.
func TestHostsOfThePopulation(t *testing.T) {
	secret := "hv" + "s." + strings.Repeat("Ab3dE5", 5)
	s := &evidence.Snapshot{}
	s.Population.Add(evidence.Row{Namespace: "a", Pod: "b", Uses: []string{"Host/" + secret, "Host/db.shop", "Image/x"}})
	if err := Snapshot(s, Options{}); err != nil {
		t.Fatal(err)
	}
	got := s.Population.Rows[0].Uses
	if strings.Contains(strings.Join(got, " "), secret) || got[1] != "Host/db.shop" || got[2] != "Image/x" {
		t.Error(got)
	}
}

package importer_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/importer"
)

const podJSON = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"api-0","namespace":"shop","uid":"u1","creationTimestamp":"2026-11-23T02:00:00Z"},
"spec":{"nodeName":"n1","containers":[{"name":"api","image":"api:1"}]},
"status":{"phase":"Running","containerStatuses":[{"name":"api","restartCount":7,"ready":false,"containerID":"containerd://c7",
"state":{"waiting":{"reason":"CrashLoopBackOff"}},
"lastState":{"terminated":{"exitCode":1,"reason":"Error","containerID":"containerd://c7","startedAt":"2026-11-23T02:59:00Z","finishedAt":"2026-11-23T02:59:30Z"}}}]}}`

const eventJSON = `{"apiVersion":"v1","kind":"Event","metadata":{"name":"e1","namespace":"shop","uid":"e1"},"involvedObject":{"kind":"Pod","namespace":"shop","name":"api-0","uid":"u1"},
"reason":"BackOff","message":"Back-off restarting failed container","type":"Warning","count":5,"lastTimestamp":"2026-11-23T03:00:00Z","source":{"component":"kubelet"}}`

const logText = "2026-11-23T02:59:29.123456789Z starting\n2026-11-23T02:59:30.123456789Z panic: boom\n"

// write makes the files in a new folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func load(t *testing.T, paths ...string) *evidence.Snapshot {
	t.Helper()
	var sources []importer.Source
	for _, p := range paths {
		sources = append(sources, importer.Source{Path: p})
	}
	s, err := importer.Import(t.Context(), sources, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func loadText(t *testing.T, text string) *evidence.Snapshot {
	t.Helper()
	s, err := importer.Import(t.Context(), []importer.Source{{Path: "standard input", Stream: strings.NewReader(text)}}, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sum says in one line what a snapshot holds: objects, events, and logs with their runs.
func sum(s *evidence.Snapshot) string {
	var out []string
	for _, o := range s.Objects {
		out = append(out, o.Kind+"/"+o.Name)
	}
	for _, e := range s.Events {
		out = append(out, e.Reason)
	}
	for _, l := range s.Logs {
		w := fmt.Sprintf("%s/%s/%s", l.Instance.Namespace, l.Instance.Pod, l.Instance.Container)
		if l.Previous {
			w += "(previous)"
		}
		if l.Instance.ContainerID != "" {
			w += "@" + strings.TrimPrefix(l.Instance.ContainerID, "containerd://")
		}
		if !l.Sure {
			w += "?"
		}
		out = append(out, w)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func yamlOf(name string) string {
	return "apiVersion: v1\nkind: Pod\nmetadata:\n  name: " + name + "\n  namespace: shop\nstatus:\n  phase: Running\n"
}

func TestForms(t *testing.T) {
	const all = "BackOff Pod/api-0 shop/api-0/api(previous)@c7"
	list := func(kind, items string) string {
		return `{"apiVersion":"v1","kind":"` + kind + `","metadata":{"resourceVersion":""},"items":[` + items + `]}`
	}
	bare := strings.Replace(podJSON, `"apiVersion":"v1","kind":"Pod",`, "", 1)
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"plain folder":            {map[string]string{"pod.json": podJSON, "events.json": list("EventList", eventJSON), "shop/api-0/api.previous.log": logText}, all},
		"one list of all":         {map[string]string{"all.json": list("List", podJSON+","+eventJSON), "logs/shop/api-0/api.previous.log": logText}, all},
		"items without a kind":    {map[string]string{"x.json": list("PodList", bare), "shop/api-0/api.log": logText}, "Pod/api-0 shop/api-0/api@c7"},
		"items before the kind":   {map[string]string{"x.json": `{"items":[` + bare + `],"kind":"PodList"}`}, "Pod/api-0"},
		"an array":                {map[string]string{"cluster-resources/pods/shop.json": "[" + bare + "]"}, "Pod/api-0"},
		"several documents":       {map[string]string{"x.json": podJSON + "\n" + eventJSON}, "BackOff Pod/api-0"},
		"no ending in the name":   {map[string]string{"dump": podJSON}, "Pod/api-0"},
		"an empty list":           {map[string]string{"x.json": list("PodList", ""), "y.json": `{"kind":"PodList","items":null}`, "pod.json": podJSON}, "Pod/api-0"},
		"YAML documents":          {map[string]string{"x.yaml": "---\n" + yamlOf("a") + "---\n" + yamlOf("b")}, "Pod/a Pod/b"},
		"YAML list":               {map[string]string{"x.yml": "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: a\n"}, "Pod/a"},
		"half a list":             {map[string]string{"x.json": strings.TrimSuffix(list("List", podJSON+","+eventJSON), `","type":"Warning","count":5,"lastTimestamp":"2026-11-23T03:00:00Z","source":{"component":"kubelet"}}]}`)}, "Pod/api-0"},
		"cluster-info dump":       {map[string]string{"nodes.json": list("NodeList", `{"metadata":{"name":"n1"},"status":{"nodeInfo":{}}}`), "shop/pods.json": list("PodList", bare), "shop/events.json": list("EventList", eventJSON), "shop/api-0/logs.txt": "==== START logs for container api of pod shop/api-0 ====\n" + logText + "==== END logs for container api of pod shop/api-0 ====\n"}, "BackOff Node/n1 Pod/api-0 shop/api-0/api@c7"},
		"support bundle":          {map[string]string{"sb/cluster-resources/pods/shop.json": list("PodList", bare), "sb/cluster-resources/events/shop.json": list("EventList", eventJSON), "sb/cluster-resources/pods/logs/shop/api-0/api-previous.log": logText}, all},
		"the kubelet's log file":  {map[string]string{"p.json": podJSON, "var/log/pods/shop_api-0_0a1b2c3d-1111-2222-3333-0a1b2c3d4e5f/api/6.log": "2026-11-23T02:59:29.123456789Z stdout F starting\n"}, "Pod/api-0 shop/api-0/api@c7"},
		"a log without a folder":  {map[string]string{"p.json": podJSON, "api.previous.log": logText}, "Pod/api-0 shop/api-0/api(previous)@c7"},
		"a log with any name":     {map[string]string{"p.json": podJSON, "crash.log": logText}, "Pod/api-0 shop/api-0/api@c7?"},
		"a log named for a pod":   {map[string]string{"p.json": podJSON, "api-0.log": logText}, "Pod/api-0 shop/api-0/api@c7"},
		"only a log":              {map[string]string{"shop/api-0/api.log": logText}, "Pod/api-0 shop/api-0/api"},
		"events.k8s.io":           {map[string]string{"x.json": `{"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"e","namespace":"shop"},"regarding":{"kind":"Pod","name":"api-0","namespace":"shop"},"reason":"BackOff","note":"n","deprecatedLastTimestamp":"2026-11-23T03:00:00Z"}`}, "BackOff"},
		"a note among objects":    {map[string]string{"p.json": podJSON, "note.txt": "owner: the token was denied twice, see ticket\n"}, "Pod/api-0"},
		"a note and an event":     {map[string]string{"e.json": eventJSON, "note.txt": "ERROR: look at this\n"}, "BackOff Pod/api-0 shop/api-0/unnamed?"},
		"a secret keeps its keys": {map[string]string{"x.json": `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"db","namespace":"shop"},"data":{"password":"aHVudGVyMg=="}}`}, "Secret/db"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := sum(load(t, write(t, tt.files))); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// A log that is given by itself is looked up by its folders, and these name nothing where no such pod is known.
func TestLogByItself(t *testing.T) {
	dir := write(t, map[string]string{"shop/api-0/api.previous.log": logText, "pod.json": podJSON})
	log := filepath.Join(dir, "shop", "api-0", "api.previous.log")
	if got := sum(load(t, filepath.Join(dir, "pod.json"), log)); got != "Pod/api-0 shop/api-0/api(previous)@c7" {
		t.Error(got)
	}
	if got := sum(load(t, log)); got != "/unnamed/api(previous)? Pod/unnamed" {
		t.Error(got)
	}
}

func TestSecretsLoseTheirValues(t *testing.T) {
	s := load(t, write(t, map[string]string{"x.json": `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"db","namespace":"shop"},"data":{"password":"aHVudGVyMg=="},"stringData":{"a":"b"}}`}))
	o := s.Objects[0].Raw
	if v, ok := o.Get("data", "password"); !ok || v != "" || o.Str("stringData", "a") != "" {
		t.Errorf("%v", o)
	}
}

// The moment of capture is that of the latest thing seen, and never one that is only due.
func TestCapturedAt(t *testing.T) {
	s := load(t, write(t, map[string]string{"a.json": podJSON, "b.json": eventJSON, "c.json": `{"kind":"Certificate","metadata":{"name":"c"},"status":{"notAfter":"2031-01-01T00:00:00Z","nextRunTime":"2030-01-01T00:00:00Z"}}`}))
	if got := s.CapturedAt.Format("15:04:05"); got != "03:00:00" {
		t.Errorf("captured at %s", got)
	}
}

// What is written differently by different sources about one object: the newer word counts, and it is said.
func TestContradictions(t *testing.T) {
	older := strings.Replace(strings.Replace(podJSON, `"restartCount":7`, `"restartCount":3`, 1), "02:59:30Z", "02:40:30Z", 1)
	older = strings.Replace(older, "02:59:00Z", "02:40:00Z", 1)
	for name, files := range map[string]map[string]string{
		"older first": {"a.json": older, "b.json": podJSON},
		"newer first": {"a.json": podJSON, "b.json": older},
	} {
		s := load(t, write(t, files))
		p, err := evidence.PodFromObject(s.Objects[0])
		if err != nil {
			t.Fatal(err)
		}
		if n, _ := p.Containers[0].RestartCount.Get(); n != 7 || len(s.Objects) != 1 {
			t.Errorf("%s: %d restarts, %d objects", name, n, len(s.Objects))
		}
	}
	other := strings.Replace(podJSON, `"uid":"u1"`, `"uid":"u2"`, 1)
	s := load(t, write(t, map[string]string{"a.json": podJSON, "b.json": other}))
	if !slices.ContainsFunc(s.Gaps, func(g evidence.Gap) bool { return g.Reason == evidence.Mismatched }) {
		t.Errorf("two pods of one name went unnoticed: %v", s.Gaps)
	}
}

// A refusal in place of a log is a gap and no log.
func TestRefusalsAreNoLogs(t *testing.T) {
	for _, text := range []string{
		`Error from server (BadRequest): previous terminated container "api" in pod "api-0" not found` + "\n",
		"unable to retrieve container logs for containerd://c7",
		`Request log error: container "api" in pod "api-0" is waiting to start: ContainerCreating` + "\n",
	} {
		s := load(t, write(t, map[string]string{"p.json": podJSON, "shop/api-0/api.previous.log": text}))
		if len(s.Logs) != 0 || !slices.ContainsFunc(s.Gaps, func(g evidence.Gap) bool {
			return g.What == "previous log of container api" && g.Reason == evidence.Expired
		}) {
			t.Errorf("%q: %d logs, gaps %v", text, len(s.Logs), s.Gaps)
		}
	}
	for _, own := range []string{"starting\nerror: cannot open /etc/app\n", "Error from server (NotFound): jobs.batch \"price-import\" not found\n"} {
		if s := load(t, write(t, map[string]string{"p.json": podJSON, "shop/api-0/api.previous.log": own})); len(s.Logs) != 1 {
			t.Errorf("a program's own error line was taken for a refusal: %s", own)
		}
	}
}

func TestRuntimeFormsOfLogs(t *testing.T) {
	for name, tt := range map[string]struct{ in, want string }{
		"CRI": {"2026-11-23T02:59:29.123456789Z stdout P one, \n2026-11-23T02:59:29.123456790Z stdout F two\n2026-11-23T02:59:29.2Z stderr F three\n",
			"2026-11-23T02:59:29.123456789Z one, two\n2026-11-23T02:59:29.2Z three\n"},
		"Docker": {`{"log":"one\n","stream":"stdout","time":"2026-11-23T02:59:29.123456789Z"}` + "\n", "2026-11-23T02:59:29.123456789Z one\n"},
		"plain":  {"one\r\ntwo", "one\ntwo"},
	} {
		s := load(t, write(t, map[string]string{"p.json": podJSON, "shop/api-0/api.previous.log": tt.in}))
		if got := string(s.Logs[0].Text); got != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestLongLogs(t *testing.T) {
	var b strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&b, "line %d of the log\n", i)
	}
	dir := write(t, map[string]string{"p.json": podJSON, "shop/api-0/api.previous.log": b.String()})
	s, err := importer.Import(t.Context(), []importer.Source{{Path: dir}}, importer.Options{LogBytes: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	l := s.Logs[0]
	if l.Skip == 0 || !bytes.HasPrefix(l.Text, []byte("line 0 ")) || !bytes.HasSuffix(l.Text, []byte("line 99999 of the log\n")) || len(l.Text) > 200_000 ||
		!bytes.HasPrefix(l.Text[l.Skip:], []byte("line ")) {
		t.Errorf("%d bytes, skip %d: %.20q … %.40q", len(l.Text), l.Skip, l.Text, l.Text[l.Skip:])
	}
	if !slices.ContainsFunc(s.Gaps, func(g evidence.Gap) bool {
		return g.Reason == evidence.Truncated && strings.Contains(g.Detail, "of its 2137 KiB the first")
	}) {
		t.Errorf("what was left out is not said: %v", s.Gaps)
	}
}

// What a running program wrote last tells when the log was taken, whatever clock it writes.
func TestLogsTellTheTime(t *testing.T) {
	pod := `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"api-0","namespace":"shop"},"spec":{"containers":[{"name":"api"}]},"status":{"containerStatuses":[{"name":"api","restartCount":1,
		"state":{"running":{"startedAt":"2026-11-23T04:00:00Z"}},"lastState":{"terminated":{"exitCode":1,"finishedAt":"2026-11-23T03:59:00Z"}}}]}}`
	for log, want := range map[string]string{
		"2026-11-23 04:00:01,5 INFO up\n2026-11-23 09:30:00,1 INFO ok\n":                 "09:30:00",
		"2026-11-23 06:00:02 up, of a clock two hours ahead\n2026-11-23 11:30:00 ok\n":   "09:30:00",
		"[2026/11/23 09:30:00] without its start\n":                                      "04:00:00",
		`{"time":"2026-11-23T10:30:00.1+01:00","msg":"zoned, without its start"}` + "\n": "09:30:00",
		"2026-11-23 03:07:00 of an earlier run\n2026-11-23 03:37:00 ok\n":                "04:00:00",
		"no time at all\n": "04:00:00",
	} {
		s := load(t, write(t, map[string]string{"p.json": pod, "shop/api-0/api.log": log}))
		if got := s.CapturedAt.Format("15:04:05"); got != want {
			t.Errorf("%q: taken at %s, want %s", log, got, want)
		}
	}
}

// archives packs files in three ways.
func archives(t *testing.T, files map[string]string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	out := map[string]string{}
	var tb, zb bytes.Buffer
	tw, zw := tar.NewWriter(&tb), zip.NewWriter(&zb)
	for name, text := range files {
		if err := tw.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		_, _ = tw.Write([]byte(text))
		w, err := zw.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(text))
	}
	if err := errors.Join(tw.Close(), zw.Close()); err != nil {
		t.Fatal(err)
	}
	var gz bytes.Buffer
	g := gzip.NewWriter(&gz)
	_, _ = g.Write(tb.Bytes())
	_ = g.Close()
	for name, data := range map[string][]byte{"a.tar": tb.Bytes(), "a.tar.gz": gz.Bytes(), "a.zip": zb.Bytes()} {
		out[name] = filepath.Join(dir, name)
		if err := os.WriteFile(out[name], data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestArchives(t *testing.T) {
	files := map[string]string{"top/pods.json": podJSON, "top/logs/shop/api-0/api-previous.log": logText}
	for name, path := range archives(t, files) {
		if got := sum(load(t, path)); got != "Pod/api-0 shop/api-0/api(previous)@c7" {
			t.Errorf("%s: %s", name, got)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if name == "a.tar" {
			f.Close()
			continue // a stream's start tells gzip and zip
		}
		s, err := importer.Import(t.Context(), []importer.Source{{Path: "standard input", Stream: f}}, importer.Options{})
		if err != nil || sum(s) != "Pod/api-0 shop/api-0/api(previous)@c7" {
			t.Errorf("%s piped in: %v", name, err)
		}
		f.Close()
	}
}

func TestHalfAnArchive(t *testing.T) {
	var noise strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&noise, "%x\n", i*2654435761)
	}
	dir := t.TempDir()
	var gz bytes.Buffer
	g := gzip.NewWriter(&gz)
	tw := tar.NewWriter(g)
	for _, f := range []struct{ name, text string }{{"pod.json", podJSON}, {"shop/api-0/api.previous.log", logText}, {"noise.log", noise.String()}} {
		if err := tw.WriteHeader(&tar.Header{Name: f.name, Mode: 0o644, Size: int64(len(f.text))}); err != nil {
			t.Fatal(err)
		}
		_, _ = tw.Write([]byte(f.text))
	}
	_ = errors.Join(tw.Close(), g.Close())
	path := filepath.Join(dir, "half.tar.gz")
	if err := os.WriteFile(path, gz.Bytes()[:gz.Len()/2], 0o644); err != nil {
		t.Fatal(err)
	}
	s := load(t, path)
	if !strings.HasPrefix(sum(s), "Pod/api-0 shop/api-0/api(previous)@c7") || !slices.ContainsFunc(s.Gaps, func(g evidence.Gap) bool { return g.Reason == evidence.Truncated }) {
		t.Errorf("%s; gaps %v", sum(s), s.Gaps)
	}
}

func TestNothingOfUse(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\nkind: *g\n"
	for name, tt := range map[string]struct {
		files map[string]string
		want  importer.Problem
	}{
		"an empty folder":   {nil, importer.Empty},
		"an empty file":     {map[string]string{"a.json": ""}, importer.Empty},
		"prose":             {map[string]string{"a.txt": "Dear all,\nthe shop is down since noon. Any ideas?\n"}, importer.Foreign},
		"a picture":         {map[string]string{"a.png": "\x89PNG\r\n\x1a\n\x00\x00\x00"}, importer.Foreign},
		"JSON of others":    {map[string]string{"package.json": `{"name":"x","version":"1"}`}, importer.Foreign},
		"half an object":    {map[string]string{"a.json": podJSON[:200]}, importer.Damaged},
		"JSON without end":  {map[string]string{"a.json": deep}, importer.Damaged},
		"aliases explode":   {map[string]string{"a.yaml": bomb}, importer.Damaged},
		"deep YAML":         {map[string]string{"a.yaml": "kind: " + strings.Repeat("[", 100_000)}, importer.Damaged},
		"YAML that is none": {map[string]string{"a.yaml": "kind: [a\n"}, importer.Damaged},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := importer.Import(t.Context(), []importer.Source{{Path: write(t, tt.files)}}, importer.Options{})
			var e *importer.Error
			if !errors.As(err, &e) || e.Problem != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if e != nil && (strings.Contains(e.Error(), "\n") || len(e.Error()) > 500) {
				t.Errorf("not one clear sentence: %s", e)
			}
		})
	}
	if _, err := importer.Import(t.Context(), []importer.Source{{Path: filepath.Join(t.TempDir(), "no.json")}}, importer.Options{}); err == nil {
		t.Error("a path that is not there was read")
	}
}

// Links and paths that lead out are left out and named; what else is there is used.
func TestUnsafeEntriesAreLeftOut(t *testing.T) {
	var gz bytes.Buffer
	g := gzip.NewWriter(&gz)
	tw := tar.NewWriter(g)
	add := func(h tar.Header, text string) {
		h.Mode, h.Size = 0o644, int64(len(text))
		if err := tw.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		_, _ = tw.Write([]byte(text))
	}
	add(tar.Header{Name: "pod.json"}, podJSON)
	add(tar.Header{Name: "../../etc/evil.json"}, podJSON)
	add(tar.Header{Name: "shop/api-0/api.log", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}, "")
	add(tar.Header{Name: "dev", Typeflag: tar.TypeChar}, "")
	_ = errors.Join(tw.Close(), g.Close())
	path := filepath.Join(t.TempDir(), "a.tgz")
	if err := os.WriteFile(path, gz.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	s := load(t, path)
	if sum(s) != "Pod/api-0" {
		t.Error(sum(s))
	}
	left := 0
	for _, g := range s.Gaps {
		if strings.HasPrefix(g.What, "file ") {
			left++
		}
	}
	if left != 3 {
		t.Errorf("%d entries named as left out: %v", left, s.Gaps)
	}
	dir := write(t, map[string]string{"pod.json": podJSON})
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "passwd.log")); err != nil {
		t.Skip("no links here: ", err)
	}
	if got := sum(load(t, dir)); got != "Pod/api-0" {
		t.Error(got)
	}
}

// A support bundle keeps a log in a folder named after its collector and links to it; an unpacked one does too.
func TestLinkedLogs(t *testing.T) {
	twin := strings.NewReplacer("shop", "stage", "u1", "u2", "c7", "c9").Replace(podJSON)
	files := []struct{ name, text, link string }{
		{"b/pods.json", podJSON + twin, ""},
		{"b/my-logs/api-0/api.log", logText, ""},
		{"b/cluster-resources/pods/logs/stage/api-0/api.log", "", "../../../../../my-logs/api-0/api.log"},
	}
	var gz bytes.Buffer
	g := gzip.NewWriter(&gz)
	tw := tar.NewWriter(g)
	dir := t.TempDir()
	for _, f := range files {
		h := tar.Header{Name: f.name, Mode: 0o644, Size: int64(len(f.text)), Typeflag: tar.TypeReg, Linkname: f.link}
		p := filepath.Join(dir, filepath.FromSlash(f.name))
		err := os.MkdirAll(filepath.Dir(p), 0o755)
		if f.link != "" {
			h.Typeflag = tar.TypeSymlink
			err = errors.Join(err, os.Symlink(f.link, p))
		} else {
			err = errors.Join(err, os.WriteFile(p, []byte(f.text), 0o644))
		}
		if err = errors.Join(err, tw.WriteHeader(&h)); err != nil {
			t.Fatal(err)
		}
		_, _ = tw.Write([]byte(f.text))
	}
	_ = errors.Join(tw.Close(), g.Close())
	packed := filepath.Join(t.TempDir(), "b.tgz")
	if err := os.WriteFile(packed, gz.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	outer := t.TempDir() // an archive in a folder
	if err := os.WriteFile(filepath.Join(outer, "b.tgz"), gz.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{packed, dir, outer} {
		s := load(t, path)
		if got, want := sum(s), "Pod/api-0 Pod/api-0 stage/api-0/api@c9"; got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
		for _, g := range s.Gaps {
			if strings.Contains(g.What, "log") && strings.Contains(g.Detail, "link") {
				t.Errorf("%s: %+v", path, g)
			}
		}
	}
}

// Of a text that is too long to be kept, its start and its end are; the gap says what is missing.
func TestEndlessText(t *testing.T) {
	line := "2026-11-23T02:00:00Z INFO request served in 12 ms, nothing to see here\n"
	in := io.MultiReader(strings.NewReader("hello, our log:\n"), strings.NewReader(strings.Repeat(line, (70<<20)/len(line))), strings.NewReader("panic: boom\n"))
	s, err := importer.Import(t.Context(), []importer.Source{{Path: "input", Stream: in}}, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Logs) != 1 || !bytes.HasSuffix(s.Logs[0].Text, []byte("panic: boom\n")) || len(s.Logs[0].Text) > 2<<20 {
		t.Errorf("the end is not there: %s", sum(s))
	}
	if !slices.ContainsFunc(s.Gaps, func(g evidence.Gap) bool { return strings.HasPrefix(g.What, "the middle of") }) {
		t.Errorf("gaps: %v", s.Gaps)
	}
}

func TestStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := importer.Import(ctx, []importer.Source{{Path: write(t, map[string]string{"a.json": podJSON, "b.json": podJSON})}}, importer.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPastes(t *testing.T) {
	trace := "Traceback (most recent call last):\n  File \"/app/main.py\", line 3, in <module>\nModuleNotFoundError: No module named 'flask'\n"
	for name, tt := range map[string]struct{ in, want string }{
		"a log":                {trace, "/unnamed/unnamed? Pod/unnamed"},
		"a command and a log":  {"Hi, it crashes:\n\n```\n$ kubectl logs api-0 -c web -n shop --previous\n" + trace + "```\nThanks for your help\n", "Pod/api-0 shop/api-0/web(previous)?"},
		"objects and a log":    {"this is the pod\n```json\n" + podJSON + "\n```\nand the log\n```\n" + trace + "```\n", "Pod/api-0 shop/api-0/api@c7?"},
		"YAML among prose":     {"here is the pod:\n\n```yaml\n" + yamlOf("a") + "```\nwhat is wrong?\n", "Pod/a"},
		"prose around a trace": {"It fails with this, since noon\n\n" + trace + "\nwhat can I do about it, please?\n", "/unnamed/unnamed? Pod/unnamed"},
	} {
		if got := sum(loadText(t, tt.in)); got != tt.want {
			t.Errorf("%s: got  %s\nwant %s", name, got, tt.want)
		}
	}
	s := loadText(t, "It fails with this, since noon\n\n"+trace+"\nwhat can I do about it, please?\n")
	if got := string(s.Logs[0].Text); strings.Contains(got, "noon") || strings.Contains(got, "please") {
		t.Errorf("prose counts as log: %q", got)
	}
}

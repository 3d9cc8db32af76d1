package bundle

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/archive"
)

// equal compares snapshots; the population's table of strings is a cache.
func equal(t *testing.T, want, got *evidence.Snapshot) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.IgnoreUnexported(evidence.Population{}), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("the snapshot changed (- written, + read):\n%s", d)
	}
}

func written(t testing.TB, s *evidence.Snapshot) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteTo(&b, s, Options{ToolVersion: "test"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	for name, s := range map[string]*evidence.Snapshot{"rich": rich(), "empty": {Redacted: true}} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "b.tar.gz")
			if err := Write(path, s, Options{}); err != nil {
				t.Fatal(err)
			}
			got, err := Read(path)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, s, got)
		})
	}
}

func TestRoundTripThroughAFolder(t *testing.T) {
	dir := t.TempDir()
	for path, data := range files(t, written(t, rich())) {
		p := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, rich(), got)
}

func TestLayout(t *testing.T) {
	got := slices.Sorted(maps.Keys(files(t, written(t, rich()))))
	want := []string{
		"events.json", "logs.json", "logs/shop/api-5f4c-x/api.log", "logs/shop/api-5f4c-x/api.previous.log", "logs/shop/api-5f4c-x/api.previous~2.log",
		"manifest.json", "objects/_cluster/clusterrole/system%3Anode.json", got[7], "objects/shop/pod/api-5f4c-x.json", "population.json", "usage.json",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if base := filepath.Base(got[7]); len(base) > 255 || !strings.HasPrefix(base, "nnnn") {
		t.Errorf("a long name became %q", base)
	}
}

func TestDeterministic(t *testing.T) {
	if !bytes.Equal(written(t, rich()), written(t, rich())) {
		t.Error("the same snapshot gives different bytes")
	}
}

func TestWriterRedacts(t *testing.T) {
	s := rich()
	s.Redacted = false
	s.Logs[0].Text = []byte("password=hunter2hunter2\n")
	got, err := ReadFrom(bytes.NewReader(written(t, s)), "b")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(got.Logs[0].Text), "hunter2") || !got.Redacted {
		t.Errorf("the bundle holds the secret: %s", got.Logs[0].Text)
	}
}

func TestFailedWriteLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "b.tar.gz")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := rich()
	s.Objects[0].Raw["bad"] = func() {} // no JSON
	if err := Write(path, s, Options{}); err == nil {
		t.Fatal("no error")
	}
	if data, _ := os.ReadFile(path); string(data) != "old" {
		t.Errorf("the old file became %q", data)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

// files unpacks a bundle.
func files(t testing.TB, data []byte) map[string][]byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if out[h.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
}

// pack makes a .tar.gz from headers; a header's size is its data's.
func pack(t testing.TB, entries ...packed) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Typeflag: tar.TypeReg, Size: int64(len(e.data)), Mode: 0o600}
		if e.kind != 0 {
			h.Typeflag, h.Linkname = e.kind, "/etc/passwd"
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type packed struct {
	name string
	data []byte
	kind byte
}

// changed repacks the rich bundle with one file changed, added or (data nil) left out.
func changed(t testing.TB, name string, data []byte) []byte {
	all := files(t, written(t, rich()))
	if data == nil {
		delete(all, name)
	} else {
		all[name] = data
	}
	var entries []packed
	for _, n := range slices.Sorted(maps.Keys(all)) {
		entries = append(entries, packed{name: n, data: all[n]})
	}
	return pack(t, entries...)
}

func TestWhatIsWrong(t *testing.T) {
	good := written(t, rich())
	manifest := files(t, good)["manifest.json"]
	flipped := bytes.Clone(good)
	flipped[len(flipped)-6] ^= 0xff // gzip's checksum
	cases := []struct {
		name string
		data []byte
		want Problem
		says string
	}{
		{"empty", nil, Foreign, "is empty"},
		{"text", []byte("hello"), Foreign, "no gzip"},
		{"gzip of something", gz(t, []byte("hello")), Truncated, "cut off"},
		{"tar of something", pack(t, packed{name: "cluster-info/nodes.json", data: []byte("{}")}), Foreign, "no manifest.json"},
		{"another manifest", pack(t, packed{name: "manifest.json", data: []byte(`{"layers":[]}`)}), Foreign, "not one of crashproof's"},
		{"a list as manifest", pack(t, packed{name: "manifest.json", data: []byte(`[1]`)}), Damaged, "manifest.json"},
		{"newer", changed(t, "manifest.json", bytes.Replace(manifest, []byte(`"formatVersion": 1`), []byte(`"formatVersion": 2`), 1)), Newer, "update crashproof"},
		{"half", good[:len(good)/2], Truncated, "cut off"},
		{"last byte missing", good[:len(good)-1], Truncated, "cut off"},
		{"first bytes only", good[:5], Truncated, "cut off"},
		{"checksum of gzip", flipped, Damaged, "checksum"},
		{"file changed", changed(t, "events.json", []byte("[]")), Damaged, "events.json is not as it was written"},
		{"file missing", changed(t, "population.json", nil), Damaged, "population.json is missing"},
		{"file twice", pack(t, packed{name: "a"}, packed{name: "./a"}), Unsafe, "twice"},
		{"symbolic link", pack(t, packed{name: "a", kind: tar.TypeSymlink}), Unsafe, "link"},
		{"hard link", pack(t, packed{name: "a", kind: tar.TypeLink}), Unsafe, "link"},
		{"device", pack(t, packed{name: "a", kind: tar.TypeChar}), Unsafe, "device"},
		{"absolute path", pack(t, packed{name: "/etc/cron.d/x"}), Unsafe, "leads out"},
		{"path upwards", pack(t, packed{name: "logs/../../x"}), Unsafe, "leads out"},
		{"path of windows", pack(t, packed{name: `..\x`}), Unsafe, "leads out"},
		{"drive of windows", pack(t, packed{name: `c:x`}), Unsafe, "leads out"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, err := ReadFrom(bytes.NewReader(c.data), "x.tar.gz")
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, %v; want an *Error", s, err)
			}
			if e.Problem != c.want || !strings.Contains(err.Error(), c.says) || !strings.HasPrefix(err.Error(), "x.tar.gz ") {
				t.Errorf("got %s: %s\nwant %s: …%s…", e.Problem, err, c.want, c.says)
			}
		})
	}
}

func gz(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func ungz(t testing.TB, data []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNothingThatIsNotListedIsRead(t *testing.T) {
	got, err := ReadFrom(bytes.NewReader(changed(t, "objects/shop/pod/extra.json", []byte(`{"kind":"Pod","metadata":{"name":"extra"}}`))), "b")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, rich(), got)
}

func TestLinkInAFolder(t *testing.T) {
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "manifest.json")
	if err := os.WriteFile(outside, files(t, written(t, rich()))["manifest.json"], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "manifest.json")); err != nil {
		t.Skip("no links here: ", err)
	}
	_, err := Read(dir)
	var e *Error
	if !errors.As(err, &e) || e.Problem != Unsafe {
		t.Errorf("got %v", err)
	}
}

func TestFolderWithoutManifest(t *testing.T) {
	_, err := Read(t.TempDir())
	var e *Error
	if !errors.As(err, &e) || e.Problem != Foreign {
		t.Errorf("got %v", err)
	}
}

func TestBombs(t *testing.T) {
	zeros := make([]byte, 1<<20)
	data := pack(t, packed{name: "a", data: zeros})
	within := func(total, after int64) archive.Limits {
		return archive.Limits{Total: total, File: maxFile, Entries: maxEntries, Ratio: 300, RatioAfter: after}
	}
	for name, l := range map[string]archive.Limits{
		"too much":       within(1<<19, 1<<30),
		"too much of it": within(1<<30, 1<<18),
	} {
		_, e := unpack(bytes.NewReader(data), l)
		if e == nil || e.Problem != TooBig {
			t.Errorf("%s: got %v", name, e)
		}
	}
	// What a header promises is refused before it is read: a sparse file's holes come out of nothing.
	promise := gz(t, ungz(t, data)[:512])
	if _, e := unpack(bytes.NewReader(promise), within(1<<19, 1<<30)); e == nil || e.Problem != TooBig {
		t.Errorf("promised by a header: got %v", e)
	}
	// What stands behind the archive's end is in no file and has to be counted all the same.
	behind := gz(t, append(ungz(t, pack(t, packed{name: "a"})), zeros...))
	if _, e := unpack(bytes.NewReader(behind), within(1<<19, 1<<30)); e == nil || e.Problem != TooBig {
		t.Errorf("behind the archive's end: got %v", e)
	}
	if _, e := unpack(bytes.NewReader(data), within(1<<30, 1<<30)); e != nil {
		t.Errorf("within the limits: %v", e)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(written(f, rich()))
	f.Add(written(f, &evidence.Snapshot{Redacted: true}))
	f.Add(pack(f, packed{name: "manifest.json", data: []byte(`{"kind":"crashproof.dev/bundle","formatVersion":1}`)}))
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ReadFrom(bytes.NewReader(data), "f")
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("not an *Error: %v", err)
		}
		if err == nil {
			again, err := ReadFrom(bytes.NewReader(written(t, s)), "g")
			if err != nil {
				t.Fatalf("what was read cannot be written and read: %v", err)
			}
			equal(t, s, again)
		}
	})
}

package archive_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crashproof-dev/crashproof/evidence/archive"
)

// entry is one of an archive to be made.
type entry struct {
	name, text, link string
	kind             byte
}

func tarOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Typeflag: tar.TypeReg, Size: int64(len(e.text)), Mode: 0o600, Linkname: e.link}
		if e.link != "" {
			h.Typeflag = tar.TypeSymlink
		}
		if e.kind != 0 {
			h.Typeflag = e.kind
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gz(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(data)
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		text := e.text
		if e.link != "" {
			h.SetMode(fs.ModeSymlink | 0o777)
			text = e.link
		}
		out, err := w.CreateHeader(h)
		if err == nil {
			_, err = io.WriteString(out, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// seen is what a reader tells of an archive.
type seen struct {
	files, links, skipped []string
	err                   string
}

// read walks an archive of any of the three forms.
func read(data []byte, l archive.Limits) seen {
	var s seen
	l.Skip = func(name, why string) { s.skipped = append(s.skipped, name) }
	l.Link = func(name, target string) { s.links = append(s.links, name+" -> "+target) }
	visit := func(name string, _ int64, r io.Reader) error {
		text, err := io.ReadAll(r)
		s.files = append(s.files, fmt.Sprintf("%s:%d", name, len(text)))
		return err
	}
	var err error
	switch {
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		err = archive.TarGz(bytes.NewReader(data), l, visit)
	case bytes.HasPrefix(data, []byte("PK")):
		err = archive.Zip(bytes.NewReader(data), int64(len(data)), l, visit)
	default:
		err = archive.Tar(bytes.NewReader(data), l, visit)
	}
	var wrong *archive.Error
	if errors.As(err, &wrong) {
		s.err = string(wrong.Problem)
	} else if err != nil {
		s.err = "not an archive.Error: " + err.Error()
	}
	return s
}

func roomy() archive.Limits {
	return archive.Limits{Total: 1 << 30, File: 1 << 29, Entries: 1000, Ratio: 1000, RatioAfter: 1 << 20}
}

// Strangers' archives do no harm: paths that lead out, links that do, devices and doubles are left out and named; links
// that stay inside are told of and not followed; bombs are refused.
func TestStrangersArchives(t *testing.T) {
	entries := []entry{
		{name: "./b/logs/api/web.log", text: "panic"},
		{name: "b/cluster-resources/pods/logs/shop/api/web.log", link: "../../../../../logs/api/web.log"},
		{name: "b/absolute", link: "/etc/passwd"},
		{name: "b/out", link: "../../etc/passwd"},
		{name: "../../etc/evil", text: "x"},
		{name: "/etc/evil", text: "x"},
		{name: `b\..\..\evil`, text: "x"},
		{name: "C:evil", text: "x"},
		{name: "b/logs/api/web.log", text: "again"},
	}
	want := seen{files: []string{"b/logs/api/web.log:5"}, links: []string{"b/cluster-resources/pods/logs/shop/api/web.log -> b/logs/api/web.log"},
		skipped: []string{"b/absolute", "b/out", "../../etc/evil", "/etc/evil", `b\..\..\evil`, "C:evil", "b/logs/api/web.log"}}
	for form, data := range map[string][]byte{"tar": tarOf(t, entries...), "tar.gz": gz(t, tarOf(t, entries...)), "zip": zipOf(t, entries...)} {
		if d := cmp.Diff(want, read(data, roomy()), cmp.AllowUnexported(seen{})); d != "" {
			t.Errorf("%s (- want, + got):\n%s", form, d)
		}
	}
	devices := read(tarOf(t, entry{name: "null", kind: tar.TypeChar}, entry{name: "pipe", kind: tar.TypeFifo}, entry{name: "hard", kind: tar.TypeLink, link: "null"}), roomy())
	if d := cmp.Diff(seen{skipped: []string{"null", "pipe", "hard"}}, devices, cmp.AllowUnexported(seen{})); d != "" {
		t.Errorf("devices (- want, + got):\n%s", d)
	}
}

func TestBombs(t *testing.T) {
	zeros := strings.Repeat("\x00", 4<<20)
	tight := roomy()
	tight.Ratio, tight.RatioAfter = 100, 1<<20
	small := roomy()
	small.Total = 1 << 20
	few := roomy()
	few.Entries = 2
	for name, tt := range map[string]struct {
		data []byte
		l    archive.Limits
	}{
		"ratio":           {gz(t, tarOf(t, entry{name: "a", text: zeros})), tight},
		"total, tar":      {tarOf(t, entry{name: "a", text: zeros}), small},
		"total, gzip":     {gz(t, tarOf(t, entry{name: "a", text: zeros})), small},
		"total, zip":      {zipOf(t, entry{name: "a", text: zeros}), small},
		"entries":         {gz(t, tarOf(t, entry{name: "a"}, entry{name: "b"}, entry{name: "c"})), few},
		"behind the end":  {gz(t, append(tarOf(t, entry{name: "a"}), zeros...)), small},
		"links and links": {gz(t, tarOf(t, entry{name: "a", link: "x"}, entry{name: "b", link: "x"}, entry{name: "c", link: "x"})), few},
	} {
		if got := read(tt.data, tt.l); got.err != string(archive.TooBig) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Half an archive gives what stands in its first half.
func TestHalfAnArchive(t *testing.T) {
	var entries []entry
	for i := range 50 {
		entries = append(entries, entry{name: fmt.Sprintf("f%d", i), text: strings.Repeat(fmt.Sprint(i, " and more "), 2000)})
	}
	whole := gz(t, tarOf(t, entries...))
	got := read(whole[:len(whole)/2], roomy())
	if len(got.files) < 5 || len(got.files) > 45 || got.err != string(archive.Truncated) {
		t.Errorf("%d files, %s", len(got.files), got.err)
	}
	broken := bytes.Clone(whole)
	broken[len(broken)-6] ^= 0xff
	if got := read(broken, roomy()); got.err != string(archive.Damaged) {
		t.Errorf("a wrong checksum: %q", got.err)
	}
}

// Whatever comes in, names stay inside, nothing comes twice, the limits hold, and errors are the package's own.
func FuzzArchive(f *testing.F) {
	some := []entry{{name: "a/b.log", text: "one"}, {name: "c.log", link: "a/b.log"}, {name: "../x", text: "two"}, {name: "d", kind: tar.TypeChar}}
	f.Add(tarOf(f, some...))
	f.Add(gz(f, tarOf(f, some...)))
	f.Add(zipOf(f, some[:3]...))
	f.Add(gz(f, tarOf(f, entry{name: "a", text: strings.Repeat("\x00", 1<<16)})))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l := archive.Limits{Total: 1 << 22, File: 1 << 21, Entries: 50, Ratio: 200, RatioAfter: 1 << 18}
		out, files := 0, map[string]bool{}
		l.Skip = func(string, string) {}
		l.Link = func(name, target string) {
			if !fs.ValidPath(name) || !fs.ValidPath(target) {
				t.Fatalf("link %q -> %q leads out", name, target)
			}
		}
		visit := func(name string, _ int64, r io.Reader) error {
			if !fs.ValidPath(name) || strings.ContainsAny(name, "\\\x00:") || files[name] {
				t.Fatalf("entry %q", name)
			}
			files[name] = true
			n, err := io.Copy(io.Discard, r)
			out += int(n)
			return err
		}
		for _, err := range []error{
			archive.TarGz(bytes.NewReader(data), l, visit),
			func() error { clear(files); return archive.Tar(bytes.NewReader(data), l, visit) }(),
			func() error { clear(files); return archive.Zip(bytes.NewReader(data), int64(len(data)), l, visit) }(),
		} {
			var own *archive.Error
			if err != nil && !errors.As(err, &own) {
				t.Fatalf("not one of ours: %v", err)
			}
		}
		if out > 3<<22 {
			t.Fatalf("%d bytes came out", out)
		}
	})
}

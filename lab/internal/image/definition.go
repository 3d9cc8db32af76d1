package image

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"
)

// Definition is a file lab/images/NAME.yaml.
type Definition struct {
	Name string   `json:"name"`
	Refs []string `json:"refs"`
	// Base names another definition whose layers come first.
	Base string `json:"base"`
	// Debian lists packages; what they depend on comes with them.
	Debian []string `json:"debian"`
	// Go is a main package relative to lab/, built static and put at GoTarget.
	Go       string `json:"go"`
	GoTarget string `json:"goTarget"`
	// Program is one of the lab's own programs: pause, coredns or metrics-server, or
	// busybox of this machine; it is put at its Target.
	Program *Program `json:"program"`
	Java    *Java    `json:"java"`
	Files   []File   `json:"files"`
	Dirs    []Dir    `json:"dirs"`
	Config  Config   `json:"config"`
}

// Program places a program that the lab has anyway.
type Program struct {
	Name    string `json:"name"`
	Target  string `json:"target"`
	Applets bool   `json:"applets"` // busybox: link every applet beside it
}

// Java is compiled when the machine has a compiler; otherwise the sources are shipped.
type Java struct {
	Sources []string `json:"sources"` // relative to lab/
	Target  string   `json:"target"`  // directory
}

// File is a file or a link.
type File struct {
	Path    string `json:"path"`
	From    string `json:"from"` // relative to lab/
	Content string `json:"content"`
	Link    string `json:"link"`
	Mode    string `json:"mode"`
	UID     int    `json:"uid"`
	GID     int    `json:"gid"`
}

// Dir is a directory.
type Dir struct {
	Path string `json:"path"`
	Mode string `json:"mode"`
	UID  int    `json:"uid"`
	GID  int    `json:"gid"`
}

// Config is the image's configuration.
type Config struct {
	Entrypoint []string          `json:"entrypoint"`
	Cmd        []string          `json:"cmd"`
	Env        map[string]string `json:"env"`
	User       string            `json:"user"`
	Workdir    string            `json:"workdir"`
	// Arch is the architecture that the Go program is built for. The image is
	// declared for this machine all the same: the mistake that ends in "exec
	// format error". An image that is declared otherwise has a Platform.
	Arch       string            `json:"arch"`
	Platform   string            `json:"platform"` // architecture that the image is declared for
	StopSignal string            `json:"stopSignal"`
	Labels     map[string]string `json:"labels"`
}

// Load reads every definition in labDir/images.
func Load(labDir string) (map[string]*Definition, error) {
	files, err := filepath.Glob(filepath.Join(labDir, "images", "*.yaml"))
	if err != nil {
		return nil, err
	}
	sort.Strings(files)
	all := map[string]*Definition{}
	owner := map[string]string{}
	for _, file := range files {
		d, err := load(file)
		if err != nil {
			return nil, err
		}
		all[d.Name] = d
		for _, ref := range d.Refs {
			if other := owner[ref]; other != "" {
				return nil, fmt.Errorf("images %s and %s both call themselves %s", other, d.Name, ref)
			}
			owner[ref] = d.Name
		}
	}
	for _, d := range all {
		if d.Base != "" && all[d.Base] == nil {
			return nil, fmt.Errorf("image %s builds on %q, which is not defined", d.Name, d.Base)
		}
	}
	return all, nil
}

func load(file string) (*Definition, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading an image definition: %w", err)
	}
	d := &Definition{}
	if err := yaml.UnmarshalStrict(data, d); err != nil {
		return nil, fmt.Errorf("image definition %s: %w", file, err)
	}
	if err := d.validate(strings.TrimSuffix(filepath.Base(file), ".yaml")); err != nil {
		return nil, fmt.Errorf("image definition %s: %w", file, err)
	}
	return d, nil
}

func (d *Definition) validate(stem string) error {
	if d.Name != stem {
		return fmt.Errorf("its name is %q; name it %q like the file", d.Name, stem)
	}
	for _, ref := range d.Refs {
		host, rest, ok := strings.Cut(ref, "/")
		if !ok || !strings.Contains(host, ".") || !strings.Contains(rest, ":") {
			return fmt.Errorf("reference %q: write it in full, as host.name/repository:tag", ref)
		}
	}
	if (d.Go == "") != (d.GoTarget == "") {
		return fmt.Errorf("go and goTarget belong together")
	}
	for _, f := range d.Files {
		given := 0
		for _, s := range []string{f.From, f.Content, f.Link} {
			if s != "" {
				given++
			}
		}
		if f.Path == "" || given > 1 {
			return fmt.Errorf("file %q: give a path and one of from, content and link", f.Path)
		}
		if _, err := mode(f.Mode, 0o644); err != nil {
			return fmt.Errorf("file %s: %w", f.Path, err)
		}
	}
	for _, dir := range d.Dirs {
		if _, err := mode(dir.Mode, 0o755); err != nil {
			return fmt.Errorf("directory %s: %w", dir.Path, err)
		}
	}
	return nil
}

func mode(text string, otherwise int64) (int64, error) {
	if text == "" {
		return otherwise, nil
	}
	m, err := strconv.ParseInt(text, 8, 32)
	if err != nil {
		return 0, fmt.Errorf("mode %q is no octal number", text)
	}
	return m, nil
}

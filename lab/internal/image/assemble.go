package image

import (
	"maps"
	"runtime"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// assemble puts layers and configuration on a base.
func assemble(base v1.Image, layers []v1.Layer, d *Definition) (v1.Image, error) {
	img := mutate.MediaType(base, types.OCIManifestSchema1)
	img = mutate.ConfigMediaType(img, types.OCIConfigJSON)
	img, err := mutate.AppendLayers(img, layers...)
	if err != nil {
		return nil, err
	}
	file, err := img.ConfigFile()
	if err != nil {
		return nil, err
	}
	file = file.DeepCopy()
	file.OS, file.Architecture = "linux", runtime.GOARCH
	if d.Config.Platform != "" {
		file.Architecture = d.Config.Platform
	}
	file.Created = v1.Time{Time: epoch.UTC()}
	file.History = nil
	file.Config = config(file.Config, d.Config)
	return mutate.ConfigFile(img, file)
}

// config lays ours over the base's.
func config(base v1.Config, ours Config) v1.Config {
	env := append([]string(nil), base.Env...)
	if len(env) == 0 {
		env = []string{"PATH=" + defaultPath}
	}
	for _, k := range slices.Sorted(maps.Keys(ours.Env)) {
		env = slices.DeleteFunc(env, func(kv string) bool { return strings.HasPrefix(kv, k+"=") })
		env = append(env, k+"="+ours.Env[k])
	}
	out := v1.Config{
		Env: env, Entrypoint: ours.Entrypoint, Cmd: ours.Cmd, User: ours.User,
		WorkingDir: ours.Workdir, StopSignal: ours.StopSignal, Labels: ours.Labels,
	}
	if len(out.Entrypoint)+len(out.Cmd) == 0 {
		out.Entrypoint, out.Cmd = base.Entrypoint, base.Cmd
	}
	return out
}

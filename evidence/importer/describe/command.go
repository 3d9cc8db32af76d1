package describe

import (
	"path"
	"regexp"
	"strings"
)

// command reads the lines of Command or Args. Each element is printed on lines of its own, those with line breaks on
// several, and nothing tells where one ends (describeContainerCommand): each line becomes an element, but for what
// follows a shell's -c, which becomes one script. before is the command that args follow.
func (b *block) command(f section, before []any) []any {
	var all []string
	for i := f.from; i < f.to; i++ {
		l := b.at(i)
		b.use(i)
		switch {
		case l.blank:
			all = append(all, "")
		case l.n >= 6:
			all = append(all, l.full[6:])
		default:
			all = append(all, l.full) // printed raw, as versions up to 1.7 did
		}
	}
	script := shellScript(before)
	out := []any{}
	for i, s := range all {
		if script {
			out = append(out, strings.Join(all[i:], "\n"))
			break
		}
		out = append(out, s)
		script = shellScript(append(before[:len(before):len(before)], out...))
	}
	return out
}

var shells = regexp.MustCompile(`^(ba|da|a|k|z)?sh$`)

// shellScript reports whether a shell's script comes next.
func shellScript(argv []any) bool {
	if len(argv) < 2 {
		return false
	}
	for i, a := range argv {
		s, _ := a.(string)
		switch {
		case i == 0:
			if !shells.MatchString(path.Base(s)) {
				return false
			}
		case i == len(argv)-1:
			return len(s) > 1 && s[0] == '-' && s[1] != '-' && strings.HasSuffix(s, "c")
		case !strings.HasPrefix(s, "-") && s != "pipefail":
			return false
		}
	}
	return false
}

var (
	keyRef      = regexp.MustCompile(`^<set to the key '(.*)' (in secret|of config map) '(.*)'>(?: +Optional: (true|false))?$`)
	fieldRef    = regexp.MustCompile(`^(?:.*[^ ])? *\(([a-z0-9.]+/?v\d\w*|v\d\w*|):((?:metadata|spec|status)\.[^()]+)\)$`)
	resourceRef = regexp.MustCompile(`^(?:\S+|node allocatable|) ?\(((?:limits|requests)\.[^()\s]+)\)$`)
	envSource   = regexp.MustCompile(`^(\S*) +(ConfigMap|Secret)(?: with prefix '(.*)')? +Optional: (true|false)$`)
	envName     = regexp.MustCompile(`^([!-9;-~]+):(?: |$)`)
)

// env reads the variables (describeContainerEnvVars). A value with line breaks goes on below, in the value's column.
func (b *block) env(f section) []any {
	out := []any{}
	b.use(f.line)
	if f.val == "<none>" {
		return out
	}
	col := b.envColumn(f)
	for i := f.from; i < f.to; i++ {
		l := b.at(i)
		m := envName.FindStringSubmatch(l.s)
		switch {
		case !l.blank && l.n == 6 && m != nil:
			_, val, _, _ := keyValue(l.s)
			out = append(out, variable(m[1], val, valueAt(l, col)))
		case len(out) > 0 && (l.blank || l.n > 6):
			last := out[len(out)-1].(map[string]any)
			v, ok := last["value"].(string)
			if !ok {
				continue
			}
			more := ""
			if !l.blank {
				more = cutAt(l, col, l.n, l.s)
			}
			last["value"] = v + "\n" + more
		default:
			continue
		}
		b.use(i)
	}
	return out
}

// envColumn returns the column of the values: two blanks after the longest name, for tabwriter aligns the section, and
// with it "Mounts:  <none>" below.
func (b *block) envColumn(f section) int {
	col := 0
	l := b.at(f.to)
	if l.out || (l.s != "Mounts:" && !strings.HasPrefix(l.s, "Mounts: ")) {
		return 0 // cut off: what the column was cannot be told
	}
	if _, val, c, _ := keyValue(l.s); val != "" {
		col = l.n + c
	}
	for i := f.from; i < f.to; i++ {
		if l := b.at(i); l.n == 6 {
			if m := envName.FindStringSubmatch(l.s); m != nil {
				col = max(col, 6+len(m[1])+1+2)
			}
		}
	}
	return col
}

func variable(name, val, exact string) map[string]any {
	e := map[string]any{"name": name}
	if m := keyRef.FindStringSubmatch(val); m != nil {
		kind := "secretKeyRef"
		if m[2] == "of config map" {
			kind = "configMapKeyRef"
		}
		ref := map[string]any{"key": m[1], "name": m[3]}
		if v, ok := boolean(m[4]); ok {
			ref["optional"] = v
		}
		e["valueFrom"] = map[string]any{kind: ref}
	} else if m := fieldRef.FindStringSubmatch(val); m != nil {
		ref := map[string]any{"fieldPath": m[2]}
		if m[1] != "" {
			ref["apiVersion"] = m[1]
		}
		e["valueFrom"] = map[string]any{"fieldRef": ref}
	} else if m := resourceRef.FindStringSubmatch(val); m != nil {
		e["valueFrom"] = map[string]any{"resourceFieldRef": map[string]any{"resource": m[1]}}
	} else {
		e["value"] = exact
	}
	return e
}

// envFrom reads whole config maps and secrets (describeContainerEnvFrom).
func (b *block) envFrom(f section) []any {
	out := []any{}
	for _, l := range b.body(f) {
		m := envSource.FindStringSubmatch(l.s)
		if m == nil {
			continue
		}
		b.use(l.i)
		ref := map[string]any{"name": m[1], "optional": m[4] == "true"}
		e := map[string]any{map[string]string{"ConfigMap": "configMapRef", "Secret": "secretRef"}[m[2]]: ref}
		if m[3] != "" {
			e["prefix"] = m[3]
		}
		out = append(out, e)
	}
	return out
}

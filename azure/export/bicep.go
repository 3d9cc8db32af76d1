package export

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// caveat stands in each file.
const caveat = "Written by `crashproof azure export`; compiled and deployed nowhere yet: run what-if before you apply it."

// Bicep is the template in Bicep.
func (t Template) Bicep() []byte {
	var b strings.Builder
	for _, line := range []string{t.Says, caveat} {
		fmt.Fprintf(&b, "// %s\n", line)
	}
	for _, p := range t.Params {
		fmt.Fprintf(&b, "\n@description(%s)\nparam %s %s", stringBicep(p.Says), p.Name, p.Type)
		if p.Default != nil {
			b.WriteString(" = " + bicep(p.Default, ""))
		}
		b.WriteByte('\n')
	}
	for _, r := range t.Resources {
		body := append(Object{{"name", r.Name}}, r.Body...)
		text := bicep(body, "")
		if len(r.DependsOn) > 0 {
			text = strings.TrimSuffix(text, "}") + "  dependsOn: [\n"
			for _, d := range r.DependsOn {
				text += "    " + d.Symbol + "\n"
			}
			text += "  ]\n}"
		}
		fmt.Fprintf(&b, "\nresource %s '%s@%s' = %s\n", r.Symbol, r.Type, r.APIVersion, text)
	}
	return []byte(b.String())
}

func bicep(v Value, indent string) string {
	inner := indent + "  "
	switch v := v.(type) {
	case Text:
		return textBicep(string(v))
	case Number:
		return numberBicep(float64(v))
	case Bool:
		return strconv.FormatBool(bool(v))
	case List:
		return blockBicep("[", "]", len(v), indent, func(i int) string { return bicep(v[i], inner) })
	case Object:
		return blockBicep("{", "}", len(v), indent, func(i int) string { return keyBicep(v[i].Key) + ": " + bicep(v[i].Value, inner) })
	case Ref:
		return string(v)
	case Call:
		return callBicep(v, indent)
	case ForEach:
		return "map(" + v.Param + ", each => { " + v.Field + ": each })"
	}
	panic(fmt.Sprintf("%T is no value of a template", v))
}

func callBicep(c Call, indent string) string {
	switch c.Func {
	case "location":
		return "resourceGroup().location"
	case "concat":
		return interpolation(c.Args, indent)
	}
	var args []string
	for _, a := range c.Args {
		args = append(args, bicep(a, indent))
	}
	return c.Func + "(" + strings.Join(args, ", ") + ")"
}

// interpolation is how Bicep joins strings.
func interpolation(args []Value, indent string) string {
	var b strings.Builder
	for _, a := range args {
		if text, ok := a.(Text); ok {
			b.WriteString(escapesBicep.Replace(string(text)))
		} else {
			b.WriteString("${" + bicep(a, indent) + "}")
		}
	}
	return "'" + b.String() + "'"
}

func blockBicep(open, closing string, n int, indent string, item func(int) string) string {
	if n == 0 {
		return open + closing
	}
	var b strings.Builder
	b.WriteString(open + "\n")
	for i := range n {
		b.WriteString(indent + "  " + item(i) + "\n")
	}
	return b.String() + indent + closing
}

// numberBicep writes whole numbers as they are; Bicep has no others, but reads JSON.
func numberBicep(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if strings.Contains(s, ".") {
		return "json('" + s + "')"
	}
	return s
}

var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func keyBicep(key string) string {
	if plainKey.MatchString(key) {
		return key
	}
	return stringBicep(key)
}

// textBicep writes text of several lines between three quotes, where nothing is escaped, and the rest between one.
func textBicep(s string) string {
	if strings.Contains(s, "\n") && !strings.Contains(s, "'''") && !strings.HasSuffix(s, "'") && !strings.Contains(s, "\r") {
		return "'''\n" + s + "'''" // the line break behind the opening quotes is no part of the text
	}
	return stringBicep(s)
}

var escapesBicep = strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "${", `\${`)

func stringBicep(s string) string { return "'" + escapesBicep.Replace(s) + "'" }

package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// ARM is the template as an ARM template in JSON.
func (t Template) ARM() []byte {
	params := Object{}
	for _, p := range t.Params {
		body := Object{{"type", Text(p.Type)}}
		if p.Default != nil {
			body = append(body, Field{"defaultValue", p.Default})
		}
		params = append(params, Field{p.Name, append(body, Field{"metadata", Object{{"description", Text(p.Says)}}})})
	}
	var resources List
	for _, r := range t.Resources {
		body := Object{{"type", Text(r.Type)}, {"apiVersion", Text(r.APIVersion)}, {"name", r.Name}}
		if len(r.DependsOn) > 0 {
			body = append(body, Field{"dependsOn", dependencies(r.DependsOn)})
		}
		resources = append(resources, append(body, r.Body...))
	}
	var b bytes.Buffer
	writeARM(&b, Object{
		{"$schema", Text("https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#")},
		{"contentVersion", Text("1.0.0.0")},
		{"metadata", Object{{"description", Text(t.Says + " " + caveat)}}},
		{"parameters", params},
		{"resources", resources},
	}, "")
	b.WriteByte('\n')
	return b.Bytes()
}

func dependencies(list []Dependency) List {
	var out List
	for _, d := range list {
		out = append(out, call("resourceId", Text(d.Type), d.Name))
	}
	return out
}

func writeARM(b *bytes.Buffer, v Value, indent string) {
	switch v := v.(type) {
	case Text:
		b.Write(quoteJSON(literalARM(string(v))))
	case Number:
		b.WriteString(strconv.FormatFloat(float64(v), 'f', -1, 64))
	case Bool:
		fmt.Fprint(b, bool(v))
	case List:
		blockARM(b, '[', ']', len(v), indent, func(i int, inner string) { writeARM(b, v[i], inner) })
	case Object:
		blockARM(b, '{', '}', len(v), indent, func(i int, inner string) {
			b.Write(quoteJSON(v[i].Key))
			b.WriteString(": ")
			writeARM(b, v[i].Value, inner)
		})
	default:
		b.Write(quoteJSON("[" + expressionARM(v) + "]"))
	}
}

func blockARM(b *bytes.Buffer, open, closing byte, n int, indent string, item func(i int, inner string)) {
	b.WriteByte(open)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n" + indent + "  ")
		item(i, indent+"  ")
	}
	if n > 0 {
		b.WriteString("\n" + indent)
	}
	b.WriteByte(closing)
}

// literalARM keeps a string from being read as an expression: one that begins with a bracket has it doubled.
func literalARM(s string) string {
	if strings.HasPrefix(s, "[") {
		return "[" + s
	}
	return s
}

// expressionARM is what stands between the brackets. Strings have single quotes there, doubled within.
func expressionARM(v Value) string {
	switch v := v.(type) {
	case Text:
		return "'" + strings.ReplaceAll(string(v), "'", "''") + "'"
	case Number:
		return strconv.FormatFloat(float64(v), 'f', -1, 64)
	case Ref:
		return "parameters('" + string(v) + "')"
	case Call:
		if v.Func == "location" {
			return "resourceGroup().location"
		}
		var args []string
		for _, a := range v.Args {
			args = append(args, expressionARM(a))
		}
		return v.Func + "(" + strings.Join(args, ", ") + ")"
	case ForEach:
		return "map(parameters('" + v.Param + "'), lambda('each', createObject('" + v.Field + "', lambdaVariables('each'))))"
	}
	panic(fmt.Sprintf("%T is no expression", v))
}

func quoteJSON(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // a string always encodes
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

package report

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/crashproof-dev/crashproof/diagnosis"
)

// schemaFile is what is published; -update writes it from the Go types and their comments.
var schemaFile = filepath.Join("..", "schema", "report.schema.json")

type object = map[string]any

// generator makes a JSON Schema of Go types.
type generator struct {
	defs     object
	comments map[string]string   // by Type or Type.Field
	constant map[string][]string // values of the constants of a named string type
}

func (g *generator) of(t reflect.Type) object {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Pointer:
		return g.of(t.Elem())
	case t.Kind() == reflect.Slice:
		return object{"type": "array", "items": g.of(t.Elem())}
	case t.Kind() == reflect.Map:
		return object{"type": "object", "additionalProperties": g.of(t.Elem())}
	case t.Kind() == reflect.Struct:
		g.structure(t)
		return object{"$ref": "#/$defs/" + t.Name()}
	case t.Kind() == reflect.String && len(g.constant[t.Name()]) > 0:
		return object{"type": "string", "enum": g.constant[t.Name()]}
	case t.Kind() == reflect.String:
		return object{"type": "string"}
	case t.Kind() == reflect.Bool:
		return object{"type": "boolean"}
	case t.Kind() == reflect.Int:
		return object{"type": "integer"}
	case t.Kind() == reflect.Float64:
		return object{"type": "number"}
	}
	panic("no schema for " + t.String())
}

func (g *generator) structure(t reflect.Type) {
	if g.defs[t.Name()] != nil {
		return
	}
	props, required := object{}, []string{}
	def := object{"type": "object", "properties": props}
	g.defs[t.Name()] = def
	if c := g.comments[t.Name()]; c != "" {
		def["description"] = c
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		p := g.of(f.Type)
		if c := g.comments[t.Name()+"."+f.Name]; c != "" {
			p["description"] = c
		}
		props[name] = p
		if !strings.Contains(options, "omit") {
			required = append(required, name)
		}
	}
	def["required"] = required
}

// source reads comments and constants from the Go files.
func (g *generator) source(t *testing.T, dirs ...string) {
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(dir, files, err)
		}
		for _, path := range files {
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				if d, ok := d.(*ast.GenDecl); ok {
					g.declaration(d)
				}
			}
		}
	}
}

func (g *generator) declaration(d *ast.GenDecl) {
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.ValueSpec:
			if name, ok := s.Type.(*ast.Ident); ok && d.Tok == token.CONST && len(s.Values) == 1 {
				if v, ok := s.Values[0].(*ast.BasicLit); ok {
					g.constant[name.Name] = append(g.constant[name.Name], strings.Trim(v.Value, `"`))
				}
			}
		case *ast.TypeSpec:
			st, ok := s.Type.(*ast.StructType)
			if !ok {
				continue
			}
			g.comments[s.Name.Name] = text(d.Doc)
			for _, f := range st.Fields.List {
				for _, n := range f.Names {
					g.comments[s.Name.Name+"."+n.Name] = strings.TrimSpace(text(f.Doc) + " " + text(f.Comment))
				}
			}
		}
	}
}

func text(c *ast.CommentGroup) string {
	if c == nil {
		return ""
	}
	return strings.Join(strings.Fields(c.Text()), " ")
}

func generated(t *testing.T) []byte {
	g := &generator{defs: object{}, comments: map[string]string{}, constant: map[string][]string{}}
	g.source(t, "../evidence", "../diagnosis") // the report's own words win
	g.structure(reflect.TypeFor[diagnosis.Report]())
	root := g.defs["Report"].(object)
	props := root["properties"].(object)
	props["apiVersion"] = object{"const": diagnosis.APIVersion}
	props["kind"] = object{"const": diagnosis.Kind}
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "https://crashproof.dev/schema/v1alpha1/report.schema.json"
	root["title"] = "crashproof report"
	delete(g.defs, "Report")
	root["$defs"] = g.defs
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(root); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSchemaIsThatOfTheTypes(t *testing.T) {
	got := generated(t)
	if *update {
		if err := os.WriteFile(schemaFile, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("the published schema (-) is not that of the types (+); go test ./report -update writes it anew:\n%s", d)
	}
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func document(t *testing.T, r *diagnosis.Report) any {
	t.Helper()
	var b bytes.Buffer
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestReportsAreValid(t *testing.T) {
	healthy := &diagnosis.Report{APIVersion: diagnosis.APIVersion, Kind: diagnosis.Kind, CapturedAt: now, Scope: diagnosis.Scope{Level: diagnosis.ScopeNone}}
	for name, r := range map[string]*diagnosis.Report{"sample": sample(), "healthy": healthy} {
		if err := schema(t).Validate(document(t, r)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	for name, spoil := range map[string]func(object){
		"verdict":  func(f object) { f["verdict"] = "certain" },
		"list":     func(f object) { f["chain"] = nil },
		"required": func(f object) { delete(f, "cause") },
		"number":   func(f object) { f["sampled"] = object{"read": "3", "of": 3} },
		"time":     func(f object) { f["lastSeen"] = "yesterday" },
	} {
		doc := document(t, sample())
		spoil(doc.(object)["findings"].([]any)[1].(object))
		if schema(t).Validate(doc) == nil {
			t.Errorf("%s: a wrong report is valid", name)
		}
	}
}

// TestContract holds the fields that users were promised. Lines may be added to the file, never changed or taken away.
func TestContract(t *testing.T) {
	promised, err := os.ReadFile(filepath.Join("testdata", "contract-v1alpha1.txt"))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var root object
	if err := json.Unmarshal(raw, &root); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(promised)) {
		path, kind, _ := strings.Cut(strings.TrimSpace(line), " ")
		if got := typeAt(root, strings.Split(path, ".")); got != kind {
			t.Errorf("%s was promised as %s and is %q", path, kind, got)
		}
	}
}

// typeAt follows a path through references and lists.
func typeAt(root object, path []string) string {
	node := root
	for _, p := range append(path, "") {
		for {
			if ref, ok := node["$ref"].(string); ok {
				node, _ = root["$defs"].(object)[strings.TrimPrefix(ref, "#/$defs/")].(object)
			} else if items, ok := node["items"].(object); ok && p != "" {
				node = items
			} else {
				break
			}
		}
		if p == "" {
			break
		}
		node, _ = node["properties"].(object)[p].(object)
	}
	if kind, ok := node["type"].(string); ok {
		return kind
	}
	if _, ok := node["const"]; ok {
		return "string"
	}
	return ""
}

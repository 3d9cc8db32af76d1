package diagnosis

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/playbook"
)

// What this package emits is in the glossary, and the glossary names nothing that neither this package nor a signature
// emits. The ids are read from the source, so that none is missed for want of a case in which it holds.
func TestFactsAreThoseOfTheGlossary(t *testing.T) {
	pb := playbook.Default()
	src := parse(t)
	emitted := map[string]bool{}
	for _, id := range src.emitted(t) {
		emitted[id] = true
		if _, ok := pb.Fact(id); !ok {
			t.Errorf("fact %s is emitted and is not in playbook/facts.yaml", id)
		}
	}
	for _, s := range pb.Signatures {
		emitted[s.Fact] = true
	}
	for _, f := range pb.Facts {
		if !emitted[f.ID] {
			t.Errorf("fact %s of playbook/facts.yaml is emitted by nothing", f.ID)
		}
	}
}

// source is the package's own code, without its tests.
type source struct {
	files []*ast.File
	funcs map[string]*ast.FuncDecl
}

func parse(t *testing.T) *source {
	t.Helper()
	names, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	s := &source{funcs: map[string]*ast.FuncDecl{}}
	for _, n := range names {
		if !strings.HasSuffix(n.Name(), ".go") || strings.HasSuffix(n.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), n.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		s.files = append(s.files, f)
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok {
				s.funcs[fd.Name.Name] = fd
			}
		}
	}
	return s
}

// emitted lists the ids that facts are given: fact{id: …}, with(f, …, strength) and f.id = …. Ids of signatures, which
// begin with says: and log:, and the facts that signatures name are not among them.
func (s *source) emitted(t *testing.T) []string {
	var out []string
	for _, fd := range s.funcs {
		if fd.Body == nil || fd.Name.Name == "with" {
			continue
		}
		ast.Inspect(fd.Body, func(n ast.Node) bool {
			var id ast.Expr
			switch n := n.(type) {
			case *ast.CompositeLit:
				id = idOf(n)
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "with" && len(n.Args) == 3 {
					id = n.Args[1]
				}
			case *ast.AssignStmt:
				for i, left := range n.Lhs {
					if sel, ok := left.(*ast.SelectorExpr); ok && sel.Sel.Name == "id" && len(n.Rhs) > i {
						id = n.Rhs[i]
					}
				}
			}
			if id == nil {
				return true
			}
			values := s.values(fd, id, 0)
			if len(values) == 0 {
				t.Errorf("%s: it cannot be told from the source which fact this is; name it in a literal", fd.Name.Name)
			}
			out = append(out, values...)
			return true
		})
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(id string) bool { return strings.Contains(id, ":") })
}

// idOf is the value of id in fact{id: …}.
func idOf(lit *ast.CompositeLit) ast.Expr {
	if name, ok := lit.Type.(*ast.Ident); !ok || name.Name != "fact" {
		return nil
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if k, ok := kv.Key.(*ast.Ident); ok && k.Name == "id" {
				return kv.Value
			}
		}
	}
	return nil
}

// signed stands for the id of a signature or the fact that one names, which the playbook checks.
const signed = "signature:"

// values are the strings that an expression may be: a literal, a sum, or a variable, whose assignments, arguments and
// results are followed.
func (s *source) values(in *ast.FuncDecl, e ast.Expr, deep int) []string {
	if deep > 5 {
		return nil
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		if v, err := strconv.Unquote(e.Value); err == nil {
			return []string{v}
		}
	case *ast.SelectorExpr:
		if e.Sel.Name == "Fact" || e.Sel.Name == "ID" {
			return []string{signed}
		}
	case *ast.BinaryExpr:
		var out []string
		for _, x := range s.values(in, e.X, deep+1) {
			for _, y := range s.values(in, e.Y, deep+1) {
				out = append(out, x+y)
			}
		}
		return out
	case *ast.Ident:
		return append(s.assigned(in, e.Name, deep), s.passed(in, e.Name, deep)...)
	}
	return nil
}

// assigned are the values that a function's own variable is given.
func (s *source) assigned(in *ast.FuncDecl, name string, deep int) []string {
	var out []string
	ast.Inspect(in.Body, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for i, left := range a.Lhs {
			if l, ok := left.(*ast.Ident); !ok || l.Name != name {
				continue
			}
			if len(a.Rhs) == len(a.Lhs) {
				out = append(out, s.values(in, a.Rhs[i], deep+1)...)
			} else if call, ok := a.Rhs[0].(*ast.CallExpr); ok {
				out = append(out, s.returned(call, i, deep)...)
			}
		}
		return true
	})
	return out
}

// returned are the values of one result of a called function.
func (s *source) returned(call *ast.CallExpr, result, deep int) []string {
	fd := s.funcs[called(call)]
	if fd == nil {
		return nil
	}
	var out []string
	ast.Inspect(fd.Body, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) > result {
			for _, v := range s.values(fd, r.Results[result], deep+1) {
				if v != "" { // the value beside an ok that is false
					out = append(out, v)
				}
			}
		}
		return true
	})
	return out
}

// passed are the values that the package's calls give a function's parameter.
func (s *source) passed(to *ast.FuncDecl, name string, deep int) []string {
	at := -1
	i := 0
	for _, field := range to.Type.Params.List {
		for _, n := range field.Names {
			if n.Name == name {
				at = i
			}
			i++
		}
	}
	if at < 0 {
		return nil
	}
	var out []string
	for _, fd := range s.funcs {
		if fd.Body == nil {
			continue
		}
		ast.Inspect(fd.Body, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && called(call) == to.Name.Name && len(call.Args) > at {
				out = append(out, s.values(fd, call.Args[at], deep+1)...)
			}
			return true
		})
	}
	return out
}

func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

package export

// Template is a deployment to a resource group.
type Template struct {
	// Says is what the template brings about, in a sentence.
	Says      string
	Params    []Param
	Resources []Resource
}

// Param is a parameter of a template.
type Param struct {
	Name string
	// Type is string or array.
	Type string
	Says string
	// Default is nil where a value must be given.
	Default Value
}

// Resource is one resource of a template.
type Resource struct {
	// Symbol names it within Bicep.
	Symbol     string
	Type       string
	APIVersion string
	// Name is an expression or a string.
	Name Value
	// Body is what stands beside type, apiVersion and name.
	Body Object
	// DependsOn are the symbols and resource IDs of resources that must be there first.
	DependsOn []Dependency
}

// Dependency is a resource of the same template.
type Dependency struct {
	Symbol string
	Type   string
	Name   Value
}

// Value is a part of a template: Text, Number, Bool, List, Object, or an expression, which is Ref, Call or ForEach.
type Value any

// Text is a string that stands for itself, whatever it holds.
type Text string

// Number is a number.
type Number float64

// Bool is true or false.
type Bool bool

// List is an array.
type List []Value

// Object is an object whose fields keep their order.
type Object []Field

// Field is a field of an object.
type Field struct {
	Key   string
	Value Value
}

// Ref is the value of a parameter.
type Ref string

// Call is a call of a function that both languages have.
type Call struct {
	Func string
	Args []Value
}

// ForEach is an array of objects of one field, one for each element of an array parameter.
type ForEach struct {
	Param string
	Field string
}

func call(fn string, args ...Value) Call { return Call{Func: fn, Args: args} }

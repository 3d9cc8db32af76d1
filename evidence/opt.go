package evidence

// Opt is a value that may be unknown. The zero Opt is unknown.
type Opt[T any] struct {
	value T
	known bool
}

// Known returns an Opt that holds v.
func Known[T any](v T) Opt[T] { return Opt[T]{value: v, known: true} }

// Get returns the value and whether it is known.
func (o Opt[T]) Get() (T, bool) { return o.value, o.known }

// Known reports whether the value is known.
func (o Opt[T]) Known() bool { return o.known }

// Or returns the value, or def where it is unknown.
func (o Opt[T]) Or(def T) T {
	if o.known {
		return o.value
	}
	return def
}

// Is reports whether the value is known and equal to v.
func Is[T comparable](o Opt[T], v T) bool { return o.known && o.value == v }

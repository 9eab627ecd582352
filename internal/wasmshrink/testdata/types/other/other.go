// Package other has a method that is not exported, of the same name as one of
// package main.
package other

type Hidden interface{ hidden() string }

type Thing struct{}

func (Thing) hidden() string { return "other's" }

// Is reports whether a value has this package's method.
func Is(v any) bool {
	_, ok := v.(Hidden)
	return ok
}

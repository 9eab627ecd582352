// Command types does what the runtime reads descriptors of types for, without
// anything of package reflect in the program, and prints what comes out. It
// must print the same natively and as a rewritten module.
package main

import (
	"errors"
	"runtime"
	"sort"

	"github.com/pocketgraph/pocketgraph/internal/wasmshrink/testdata/types/other"
)

func main() {
	conversions()
	keys()
	collector()
	finalizer()
	lite()
	failed()
	panic("not recovered")
}

type (
	namer interface{ Name() string }
	sizer interface{ Size() int }
	both  interface {
		namer
		sizer
	}
	hidden interface{ hidden() string }
)

type leaf struct{ n int }

func (l leaf) Name() string { return "leaf" }
func (l leaf) Size() int    { return l.n }

type branch struct{ leaf }

func (b *branch) Name() string   { return "branch" }
func (b *branch) hidden() string { return "main's" }
func (b *branch) Name2() string  { return "never wanted" }

type unsigned uint8

func (u unsigned) Size() int { return int(u) }

//go:noinline
func opaque(v any) any { return v }

// conversions asks of values of each type for methods, by interfaces that the
// compiler cannot foresee.
func conversions() {
	for _, v := range []any{leaf{3}, &leaf{4}, &branch{leaf{5}}, branch{}, unsigned(6), other.Thing{}, 7, "eight", nil, func() {}, []namer{}} {
		n, isNamer := opaque(v).(namer)
		s, isSizer := opaque(v).(sizer)
		_, isBoth := opaque(v).(both)
		h, isHidden := opaque(v).(hidden)
		println(isNamer, isSizer, isBoth, isHidden, other.Is(v))
		if isNamer {
			println(n.Name())
			if again, ok := n.(sizer); ok {
				println(again.Size())
			}
		}
		if isSizer {
			println(s.Size())
		}
		if isHidden {
			println(h.hidden())
		}
		switch opaque(v).(type) {
		case both:
			println("both")
		case sizer:
			println("sizer")
		case int, string:
			println("plain")
		case nil:
			println("nil")
		default:
			println("something")
		}
	}
}

type padded struct {
	a int8
	_ int32 // makes the runtime go through the fields
	b string
	c any
}

type plain struct{ a, b int32 }

type inner struct {
	f    float64
	list [3]padded
}

// keys hashes and compares values in interfaces.
func keys() {
	m := map[any]int{}
	for i := range 50 {
		m[padded{int8(i % 5), 1, "x", i % 3}]++
		m[plain{int32(i % 4), 2}]++
		m[inner{f: float64(i % 2), list: [3]padded{{b: "y", c: plain{1, int32(i % 3)}}}}]++
		m[[2]any{i % 2, "z"}]++
		m[struct {
			s string
			p *int
		}{s: "anonymous"}]++
	}
	println(len(m), m[padded{2, 9, "x", 1}], m[plain{3, 2}], m[inner{f: 1, list: [3]padded{{b: "y", c: plain{1, 2}}}}], m[[2]any{1, "z"}])
	func() {
		defer func() { println("not hashable:", recover() != nil) }()
		m[[]int{1}]++
	}()
}

// node is so large that the collector's mask of its pointers is made of its fields.
type node struct {
	before [700]int
	next   *node
	middle [300]struct {
		n int
		p *int
	}
	after [900]padded
}

// collector keeps things alive only through large types.
func collector() {
	var first *node
	for i := range 40 {
		n := &node{next: first}
		n.middle[i*7].p = new(int)
		*n.middle[i*7].p = i
		n.after[i*20].b = string(make([]byte, i))
		first = n
	}
	runtime.GC()
	garbage := make([][]byte, 0, 200)
	for range 200 {
		garbage = append(garbage, make([]byte, 10_000))
	}
	runtime.GC()
	sum, lengths := 0, 0
	for n, i := first, 39; n != nil; n, i = n.next, i-1 {
		sum += *n.middle[i*7].p
		lengths += len(n.after[i*20].b)
	}
	println(sum, lengths, len(garbage))
}

func finalizer() {
	done := make(chan string, 1)
	func() {
		l := &leaf{9}
		runtime.SetFinalizer(l, func(l *leaf) { done <- l.Name() })
	}()
	for range 100 {
		runtime.GC()
		runtime.Gosched()
		select {
		case name := <-done:
			println(name, "finalized")
			return
		default:
		}
	}
	println("never finalized")
}

type problem struct{ code int }

func (p *problem) Error() string { return "problem" }

type worded struct{ text string }

func (o worded) Error() string { return o.text }

type coded interface {
	error
	Size() int
}

type sized struct {
	error
	leaf
}

// lite uses what package internal/reflectlite gives others.
func lite() {
	for _, err := range []error{&problem{3}, worded{"other"}, &worded{"pointer"}, sized{&problem{4}, leaf{5}}, errors.Join(worded{"a"}, &problem{6})} {
		var p *problem
		var o worded
		var c coded
		println(errors.As(err, &p), errors.As(err, &o), errors.As(err, &c), errors.Is(err, worded{"other"}))
		if p != nil {
			println(p.code)
		}
		if c != nil {
			println(c.Size())
		}
	}
	list := []padded{{b: "c"}, {b: "a", c: 1}, {b: "b"}}
	sort.Slice(list, func(i, j int) bool { return list[i].b < list[j].b })
	println(list[0].b, list[0].c.(int), list[1].b, list[2].b)
}

// failed makes conversions that panic: what they say is not compared.
func failed() {
	for _, f := range []func(){
		func() { _ = opaque("text").(int) },
		func() { _ = opaque(leaf{}).(hidden) },
		func() { _ = opaque(nil).(namer) },
		func() { _ = opaque(branch{}).(both) },
	} {
		func() {
			defer func() {
				err, ok := recover().(runtime.Error)
				println(ok, ok && len(err.Error()) > 0)
			}()
			f()
		}()
	}
}

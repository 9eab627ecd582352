// Stress does what leans on the runtime's tables and on the layout of
// functions: stacks that grow and are scanned while they are deep, panics,
// recover and defers of every kind, goroutines that leave in the middle of
// calls. It prints what came out, the same on every platform.
package main

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"sort"
	"strings"
	"sync"
	"time"
)

type node struct {
	left, right *node
	value       int
}

func tree(depth int) *node {
	if depth == 0 {
		return nil
	}
	return &node{tree(depth - 1), tree(depth - 1), depth}
}

func (n *node) sum() int {
	if n == nil {
		return 0
	}
	return n.value + n.left.sum() + n.right.sum()
}

// deep keeps pointers in each of its frames while the stack grows and is collected.
func deep(n int, keep *[8]string) int {
	here := [8]string{fmt.Sprint("frame ", n), keep[0]}
	if n%500 == 0 {
		runtime.GC()
	}
	if n == 0 {
		return len(here[1])
	}
	got := deep(n-1, &here)
	if here[0] != fmt.Sprint("frame ", n) || here[1] != keep[0] {
		panic("a frame was not kept")
	}
	return got + len(here[1])
}

func yielding(n int) int {
	if n == 0 {
		return 0
	}
	runtime.Gosched()
	return 1 + yielding(n-1)
}

type shape interface{ area() int }
type square struct{ side int }

func (s square) area() int { return s.side * s.side }

func caught(name string, f func()) {
	defer func() {
		r := recover()
		if err, ok := r.(runtime.Error); ok {
			r = err.Error()
		}
		fmt.Println(name, "->", r)
	}()
	f()
	fmt.Println(name, "returned")
}

var zero int
var none *node
var list = []int{1, 2, 3}

func panics() {
	caught("nil", func() { fmt.Println(none.value) })
	caught("nil store", func() { none.left = &node{} })
	caught("nil method", func() { var s *square; var h shape = s; fmt.Println(h.area()) })
	caught("index", func() { fmt.Println(list[zero+3]) })
	caught("slice", func() { fmt.Println(list[zero+2 : zero+1]) })
	caught("divide", func() { fmt.Println(1 / zero) })
	caught("shift", func() { fmt.Println(1 << (zero - 1)) })
	caught("assert", func() { var v any = 1; fmt.Println(v.(string)) })
	caught("interface", func() { var v any = 1; fmt.Println(v.(shape)) })
	caught("nil map", func() { var m map[string]int; m["a"] = 1 })
	caught("closed", func() { c := make(chan int); close(c); close(c) })
	caught("error", func() { panic(errors.New("of ours")) })
	caught("again", func() {
		defer func() { panic(fmt.Sprint("second after ", recover())) }()
		panic("first")
	})
	caught("not caught below", func() {
		defer func() { func() { fmt.Println("inner", recover()) }() }()
		panic("outer")
	})
	caught("method value", func() {
		defer recoverer{"value"}.catch()
		panic("for a method")
	})
	caught("wrapped", func() {
		var c catcher = &embedding{recoverer{"embedded"}}
		defer c.catch()
		panic("for a wrapper")
	})
	caught("goexit", func() {
		done := make(chan string)
		go func() {
			defer func() { done <- fmt.Sprint("left with ", recover()) }()
			runtime.Goexit()
		}()
		fmt.Println(<-done)
	})
}

type catcher interface{ catch() }
type recoverer struct{ name string }

func (r recoverer) catch() { fmt.Println(r.name, recover()) }

type embedding struct{ recoverer }

func results() (n int, err error) {
	defer func() {
		if r := recover(); r != nil {
			n, err = n+1, fmt.Errorf("recovered: %v", r)
		}
	}()
	n = 41
	var values []int
	return values[n], nil
}

func defers() {
	for i := range 5 {
		defer func() { fmt.Println("loop defer", i) }()
	}
	if zero == 0 {
		defer fmt.Println("conditional defer", list)
	}
	for i := range 3 {
		func() {
			defer func(s string) { fmt.Println("argument", s, recover()) }(strings.Repeat("x", i+1))
			deepPanic(200 * i)
		}()
	}
}

func deepPanic(n int) {
	defer func() { zero += n - n }()
	if n == 0 {
		runtime.GC()
		panic("at the bottom")
	}
	deepPanic(n - 1)
}

func goroutines() {
	var wg sync.WaitGroup
	var lock sync.Mutex
	totals := map[int]int{}
	for g := range 20 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			n := yielding(100 + g)
			if g%5 == 0 {
				time.Sleep(time.Millisecond)
				runtime.GC()
			}
			lock.Lock()
			defer lock.Unlock()
			totals[g] = n
		}()
	}
	wg.Wait()
	var keys []int
	for k := range totals {
		keys = append(keys, k)
	}
	sort.Ints(keys)
	for _, k := range keys {
		fmt.Print(k, "=", totals[k], " ")
	}
	fmt.Println()

	c, quit := make(chan int), make(chan bool)
	go func() {
		for i := range 1000 {
			c <- i
		}
		close(quit)
	}()
	sum := 0
	for open := true; open; {
		select {
		case v := <-c:
			sum += v
		case <-quit:
			open = false
		case <-time.After(10 * time.Second):
			panic("no one sends")
		}
	}
	fmt.Println("received", sum)
}

func loops() {
	primes := 0
	sieve := make([]bool, 100000)
	for i := 2; i < len(sieve); i++ {
		if sieve[i] {
			continue
		}
		primes++
		for j := 2 * i; j < len(sieve); j += i {
			sieve[j] = true
		}
	}
	h := uint32(2166136261)
outer:
	for i := range 1000 {
		for j := i; ; j++ {
			switch {
			case j%7 == 3:
				continue outer
			case j%11 == 5:
				break outer
			case j%3 == 0:
				h ^= uint32(j)
			default:
				h *= 16777619
			}
		}
	}
	for v := range walk(tree(6)) {
		if h = h*31 + uint32(v); v == 6 {
			break
		}
	}
	fmt.Println("primes", primes, "hash", h)
}

func walk(n *node) func(func(int) bool) {
	var in func(*node, func(int) bool) bool
	in = func(n *node, yield func(int) bool) bool {
		return n == nil || in(n.left, yield) && yield(n.value) && in(n.right, yield)
	}
	return func(yield func(int) bool) { in(n, yield) }
}

func reflection() {
	swap := func(in []reflect.Value) []reflect.Value { runtime.GC(); return []reflect.Value{in[1], in[0]} }
	var f func(string, *node) (*node, string)
	made := reflect.MakeFunc(reflect.TypeOf(f), swap)
	reflect.ValueOf(&f).Elem().Set(made)
	n, s := f("text", tree(3))
	method := reflect.ValueOf(square{5}).MethodByName("Area")
	fmt.Println(n.sum(), s, method.IsValid(), reflect.ValueOf(n).MethodByName("Sum").Call(nil)[0].Int())
	bound := reflect.ValueOf(n).MethodByName("Sum").Interface().(func() int)
	fmt.Println(bound())
}

// Sum is sum for reflection.
func (n *node) Sum() int { runtime.GC(); return n.sum() }

func main() {
	var first [8]string
	first[0] = "start"
	for _, n := range []int{10, 1000, 3000} {
		fmt.Println("deep", n, deep(n, &first))
	}
	garbage := 0
	for range 20 {
		garbage += tree(12).sum()
	}
	fmt.Println("trees", garbage)
	panics()
	fmt.Println(results())
	defers()
	goroutines()
	loops()
	reflection()
	if len(os.Args) > 1 {
		panic("as asked")
	}
}

package wasmshrink

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"slices"
)

// A pclntab is the runtime's table of functions, in the image of the initial
// memory (runtime.pcHeader, runtime.moduledata and runtime._func; the layout is
// that of Go 1.26). All fields but n are addresses.
type pclntab struct {
	image []byte
	n     int // functions

	module int // runtime.moduledata

	names, pcs, functab, findfunctab, gofunc int
	funcs                                    int // where the first _func is
}

var errTable = errors.New("wasmshrink: the table of functions is not of a Go version that is known")

const (
	headerMagic = "\xf1\xff\xff\xff\x00\x00\x01\x08" // magic, two zeros, size of an instruction, size of a pointer
	bucketSize  = 4 + 16                             // runtime.findfuncbucket
	perFunction = 1 << 16 / (256 * 16)               // buckets of each function: PC_F<<16 / abi.FuncTabBucketSize
)

// Of a runtime._func: offsets, and its size without what follows it.
const (
	funcEntry       = 0
	funcName        = 4
	funcArgs        = 8
	funcDeferReturn = 12
	funcPCSP        = 16
	funcPCData      = 28
	funcIDs         = 40
	funcFuncData    = 43
	funcSize        = 44
)

const (
	stackMapIndex   = 1  // abi.PCDATA_StackMapIndex
	inlTreeIndex    = 2  // abi.PCDATA_InlTreeIndex
	funcIDWrapper   = 23 // abi.FuncIDWrapper
	argsUnknown     = -0x80000000
	noFuncData      = 0xffffffff
	stackObjects    = 2 // abi.FUNCDATA_StackObjects; 0 and 1 are the pointer maps
	inlTree         = 3 // abi.FUNCDATA_InlTree
	openCodedDefers = 4 // abi.FUNCDATA_OpenCodedDeferInfo
)

// findPclntab looks for the runtime's header of the table, and for the
// moduledata that leads to it.
func findPclntab(image []byte) (*pclntab, error) {
	for header := range occurrences(image, []byte(headerMagic)) {
		for module := range occurrences(image, binary.LittleEndian.AppendUint64(nil, uint64(header))) {
			if t := pclntabAt(image, header, module); t != nil {
				return t, t.verify()
			}
		}
	}
	return nil, errTable
}

// occurrences gives the multiples of 8 at which a pattern is.
func occurrences(image, pattern []byte) iter.Seq[int] {
	return func(yield func(int) bool) {
		for from := 0; ; {
			at := bytes.Index(image[from:], pattern)
			if at < 0 {
				return
			}
			if at += from; at%8 == 0 && !yield(at) {
				return
			}
			from = at + 1
		}
	}
}

// pclntabAt reads the two; nil if they do not fit.
func pclntabAt(image []byte, header, module int) *pclntab {
	if header+9*8 > len(image) || module+42*8 > len(image) {
		return nil
	}
	word := func(at, i int) int { return int(binary.LittleEndian.Uint64(image[at+8*i:])) }
	t := &pclntab{
		image: image, module: module, n: word(header, 1), names: header + word(header, 4), pcs: header + word(header, 7), functab: header + word(header, 8),
		findfunctab: word(module, 19), gofunc: word(module, 40),
	}
	if word(module, 1) != t.names || word(module, 10) != t.pcs || word(module, 13) != t.functab || word(module, 16) != t.functab || word(module, 17) != t.n+1 ||
		t.n < 1 || t.n > len(image)/funcSize || t.names < header || t.names > t.pcs || t.pcs > t.functab || t.functab+8*t.n+8 > t.gofunc || t.gofunc > t.findfunctab ||
		t.findfunctab > len(image) || t.findfunctab+(t.n-1)*perFunction*bucketSize > len(image) {
		return nil
	}
	t.funcs = t.functab + int(t.u32(t.functab+4))
	return t
}

func (t *pclntab) u32(at int) uint32 { return binary.LittleEndian.Uint32(t.image[at:]) }

func (t *pclntab) set32(at int, v uint32) { binary.LittleEndian.PutUint32(t.image[at:], v) }

// verify compares the parts that the start function will compute with what it would write.
func (t *pclntab) verify() error {
	for i := range t.n {
		f := t.funcAt(i)
		if int(t.u32(t.functab+8*i)) != firstPC+i || f < t.funcs || f+funcSize > t.gofunc || int(t.u32(f)) != firstPC+i ||
			f+funcSize+4*(int(t.u32(f+funcPCData))+int(t.image[f+funcFuncData])) > t.gofunc {
			return errTable
		}
		for b := range perFunction {
			if i == t.n-1 {
				break // the linker cuts the table off where the last function ends
			}
			at := t.findfunctab + (i*perFunction+b)*bucketSize
			if int(t.u32(at)) != i || !bytes.Equal(t.image[at+4:at+bucketSize], make([]byte, 16)) {
				return errTable
			}
		}
	}
	if int(t.u32(t.functab+8*t.n)) != firstPC+t.n {
		return errTable
	}
	return nil
}

func (t *pclntab) funcAt(i int) int { return t.functab + int(t.u32(t.functab+8*i+4)) }

// A run is a value of a pc-value table up to, but not with, a PC_B.
type run struct {
	value int32
	until int
}

// runs reads the table at an offset into pctab.
func (t *pclntab) runs(offset int) ([]run, error) {
	if offset == 0 {
		return nil, nil
	}
	r := &reader{b: t.image[:t.functab], at: t.pcs + offset}
	var runs []run
	value, pc := int32(-1), 0
	for first := true; r.err == nil; first = false {
		d := uint32(r.unsigned())
		if d == 0 && !first {
			return runs, nil
		}
		value += int32(-(d & 1) ^ d>>1)
		pc += int(r.unsigned())
		runs = append(runs, run{value, pc})
	}
	return nil, r.err
}

func valueAt(runs []run, pc int) int32 {
	for _, r := range runs {
		if pc < r.until {
			return r.value
		}
	}
	return -1
}

// beyond is more than any PC_B.
const beyond = 1 << 16

// only gives a table that has the values of runs where they are asked for, at
// sorted PC_B. Elsewhere they are what makes the table short.
func only(runs []run, asked []int) []run {
	var out []run
	for _, pc := range asked {
		v := valueAt(runs, pc)
		if n := len(out); n > 0 && out[n-1].value == v {
			out[n-1].until = pc + 1
			continue
		}
		out = append(out, run{v, pc + 1})
	}
	if len(out) > 0 {
		out[len(out)-1].until = beyond
	}
	return out
}

func encodeRuns(runs []run) []byte {
	var b []byte
	value, pc := int32(-1), 0
	for _, r := range runs {
		d := r.value - value
		b = appendUnsigned(b, uint64(uint32(d<<1)^uint32(d>>31)))
		b = appendUnsigned(b, uint64(r.until-pc))
		value, pc = r.value, r.until
	}
	return append(b, 0)
}

// A pool is a part of memory that is filled anew, equal things once.
type pool struct {
	b     []byte
	limit int
	at    map[string]int
}

func newPool(limit int, start string) *pool {
	return &pool{b: []byte(start), limit: limit, at: map[string]int{}}
}

func (p *pool) add(thing []byte, align int) uint32 {
	if at, ok := p.at[string(thing)]; ok {
		return uint32(at)
	}
	for len(p.b)%align != 0 {
		p.b = append(p.b, 0)
	}
	p.at[string(thing)] = len(p.b)
	p.b = append(p.b, thing...)
	return uint32(len(p.b) - len(thing))
}

// usage is what is known of how a function is on a stack: the return
// addresses that it pushes. Of a function that was not understood nothing is known.
type usage struct {
	known    bool
	pushed   []int
	recovers bool // it calls recover
	numbers  *numbering
}

// rebuild writes the table anew with what the runtime needs to run: for each
// function its frame's size, its pointers and its defers. What is left out is
// read by tracebacks, asynchronous preemption and debuggers; the runtime takes
// their absence. The start function fills in the rest.
func (t *pclntab) rebuild(uses []usage) error {
	if len(uses) < t.n {
		return fmt.Errorf("wasmshrink: %d functions have %d entries in the table", len(uses), t.n)
	}
	// runtime.panicwrap takes a name apart, which must look like one of a method.
	names := newPool(t.pcs-t.names, "?.(*?).?\x00")
	// Offset 0 says that there is no table. runtime.funcMaxSPDelta reads it all the same: -1 up to 1.
	pcs := newPool(t.functab-t.pcs, "\x00\x01\x00")
	data := newPool(t.findfunctab-t.gofunc, "")
	var funcs []byte
	for i := range t.n {
		f, err := t.rebuildFunc(t.funcAt(i), uses[i], names, pcs, data)
		if err != nil {
			return fmt.Errorf("function %d: %w", i, err)
		}
		funcs = append(funcs, f...)
	}
	for _, part := range []struct {
		to, end int
		b       []byte
	}{
		{t.names, t.pcs, names.b}, // with the tables of files
		{t.pcs, t.functab, pcs.b},
		{t.functab, t.funcs, nil},
		{t.funcs, t.gofunc, funcs},
		{t.gofunc, t.findfunctab, data.b},
		{t.findfunctab, t.findfunctab + (t.n-1)*perFunction*bucketSize, nil},
	} {
		if len(part.b) > part.end-part.to {
			return errTable
		}
		clear(t.image[part.to:part.end])
		copy(t.image[part.to:], part.b)
	}
	return nil
}

func (t *pclntab) rebuildFunc(f int, use usage, names, pcs, data *pool) ([]byte, error) {
	out := make([]byte, funcSize)
	copy(out[funcArgs:], t.image[f+funcArgs:f+funcArgs+4])
	copy(out[funcIDs:], t.image[f+funcIDs:f+funcIDs+2])
	if int32(t.u32(f+funcArgs)) == argsUnknown { // runtime.(*stkframe).argMapInternal knows them by name
		name := t.image[t.names+int(t.u32(f+funcName)):]
		binary.LittleEndian.PutUint32(out[funcName:], names.add(name[:bytes.IndexByte(name, 0)+1], 1))
	}
	if use.known && len(use.pushed) == 0 {
		return out, nil // never seen on a stack
	}
	copy(out[funcDeferReturn:], t.image[f+funcDeferReturn:f+funcDeferReturn+4])
	if d := t.u32(f + funcDeferReturn); d != 0 && use.numbers != nil {
		binary.LittleEndian.PutUint32(out[funcDeferReturn:], uint32(use.numbers.to(int64(d))))
	}

	index := t.pcdata(f, stackMapIndex)
	sp, maps, err := t.tables(f, index, use, pcs)
	if err != nil {
		return nil, err
	}
	inlined, err := t.inlined(f, use)
	if err != nil {
		return nil, err
	}
	binary.LittleEndian.PutUint32(out[funcPCSP:], sp)
	tables := []uint32{0, maps}
	if inlined != nil {
		all, err := t.table(t.pcdata(f, inlTreeIndex), usage{}, 0, pcs)
		if err != nil {
			return nil, err
		}
		tables = append(tables, all)
	}
	for len(tables) > 0 && tables[len(tables)-1] == 0 {
		tables = tables[:len(tables)-1]
	}
	binary.LittleEndian.PutUint32(out[funcPCData:], uint32(len(tables)))
	for _, offset := range tables {
		out = binary.LittleEndian.AppendUint32(out, offset)
	}
	offsets, err := t.things(f, inlined, data)
	if err != nil {
		return nil, err
	}
	out[funcFuncData] = byte(len(offsets))
	for _, offset := range offsets {
		out = binary.LittleEndian.AppendUint32(out, offset)
	}
	return out, nil
}

// tables gives the offsets of the tables of the frame's size and of the pointer maps in their new place.
func (t *pclntab) tables(f, index int, use usage, pcs *pool) (sp, maps uint32, err error) {
	spOffset := int(t.u32(f + funcPCSP))
	if use.numbers != nil {
		if spOffset != 0 {
			sp = pcs.add(encodeRuns(runsOf(use.numbers.sp)), 1)
		}
		if index != 0 {
			maps = pcs.add(encodeRuns(runsOf(use.numbers.maps)), 1)
		}
		return sp, maps, nil
	}
	if sp, err = t.table(spOffset, use, t.u32(f+funcDeferReturn), pcs); err != nil {
		return 0, 0, err
	}
	maps, err = t.table(index, use, t.u32(f+funcDeferReturn), pcs)
	return sp, maps, err
}

// pcdata gives the offset of a table, 0 if there is none.
func (t *pclntab) pcdata(f, kind int) int {
	if kind >= int(t.u32(f+funcPCData)) {
		return 0
	}
	return int(t.u32(f + funcSize + 4*kind))
}

// inlined gives the tree of inlined calls where recover looks at it: in a
// function that calls it and in wrappers, which it does not count
// (runtime.gorecover). Names and lines are left out.
func (t *pclntab) inlined(f int, use usage) ([]byte, error) {
	if use.known && !use.recovers && t.image[f+funcIDs] != funcIDWrapper {
		return nil, nil
	}
	at := t.funcdataAt(f, inlTree)
	if at == 0 {
		return nil, nil
	}
	runs, err := t.runs(t.pcdata(f, inlTreeIndex))
	if err != nil {
		return nil, err
	}
	last := int32(-1)
	for _, r := range runs {
		last = max(last, r.value)
	}
	size := 16 * int(last+1) // of a runtime.inlinedCall
	if at+size > t.findfunctab {
		return nil, errTable
	}
	tree := bytes.Clone(t.image[at : at+size])
	for i := 0; i < size; i += 16 {
		clear(tree[i+4 : i+8])
		clear(tree[i+12 : i+16])
	}
	return tree, nil
}

// funcdataAt gives the address of one of a function's funcdata, 0 if there is none.
func (t *pclntab) funcdataAt(f, kind int) int {
	if kind >= int(t.image[f+funcFuncData]) {
		return 0
	}
	offset := t.u32(f + funcSize + 4*int(t.u32(f+funcPCData)) + 4*kind)
	if offset == noFuncData {
		return 0
	}
	return t.gofunc + int(offset)
}

// things puts a function's funcdata into the pool and gives their offsets.
func (t *pclntab) things(f int, inlined []byte, data *pool) ([]uint32, error) {
	var offsets []uint32
	for kind := range openCodedDefers + 1 {
		thing, align := inlined, 4
		if at := t.funcdataAt(f, kind); kind != inlTree && at != 0 {
			var err error
			if thing, align, err = t.funcdata(kind, at); err != nil {
				return nil, err
			}
		} else if kind != inlTree || len(inlined) == 0 {
			continue
		}
		for len(offsets) < kind {
			offsets = append(offsets, noFuncData)
		}
		offsets = append(offsets, data.add(thing, align))
	}
	return offsets, nil
}

// table gives the offset of a pc-value table in its new place.
func (t *pclntab) table(offset int, use usage, deferReturn uint32, pcs *pool) (uint32, error) {
	runs, err := t.runs(offset)
	if err != nil || runs == nil {
		return 0, err
	}
	if use.known {
		asked := []int{0}
		for _, pc := range use.pushed {
			asked = append(asked, max(pc-1, 0), pc)
		}
		if deferReturn != 0 {
			asked = append(asked, int(deferReturn), int(deferReturn)+1)
		}
		slices.Sort(asked)
		runs = only(runs, slices.Compact(asked))
	}
	return pcs.add(encodeRuns(runs), 1), nil
}

// funcdata gives what is at an address, and its alignment.
func (t *pclntab) funcdata(kind, at int) ([]byte, int, error) {
	if kind != openCodedDefers && at+8 > t.findfunctab {
		return nil, 0, errTable
	}
	size, align := 0, 4
	switch kind {
	case openCodedDefers: // two varints
		r := &reader{b: t.image[:t.findfunctab], at: at}
		r.unsigned()
		r.unsigned()
		size, align = r.at-at, 1
	case stackObjects: // a count of 8 bytes, records of 16
		size, align = 8+16*int(t.u32(at)), 8
	default: // runtime.stackmap: count, bits of each
		size = 8 + int(t.u32(at))*((int(t.u32(at+4))+7)/8)
	}
	if size < 0 || at+size > t.findfunctab {
		return nil, 0, errTable
	}
	return t.image[at : at+size], align, nil
}

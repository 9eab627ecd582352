package wasmshrink

// addStart adds the start function. It runs when the module is instantiated,
// before anything is called, and writes what can be computed of the table of
// functions and does not compress: functab, findfunctab and the number of each
// function. Its locals: 0 counts functions, 1 is a _func, 2 is its end or an
// entry of findfunctab.
func (m *module) addStart(t *pclntab) {
	get := func(l int64) instr { return instr{op: opLocalGet, a: l} }
	set := func(l int64) instr { return instr{op: opLocalSet, a: l} }
	i32 := func(v int) instr { return instr{op: opI32Const, a: int64(v)} }
	store := instr{op: opI32Store, a: 2}
	const i, f, b = 0, 1, 2
	code := []instr{
		i32(t.funcs), set(f),
		{op: opLoop, a: emptyType},

		// functab[i] = {PC_F, f - functab}, and the function's entry = PC_F
		i32(t.functab), get(i), i32(8), {op: opI32Mul}, {op: opI32Add}, get(i), i32(firstPC), {op: opI32Add}, store,
		i32(t.functab + 4), get(i), i32(8), {op: opI32Mul}, {op: opI32Add}, get(f), i32(t.functab), {op: opI32Sub}, store,
		get(f), get(i), i32(firstPC), {op: opI32Add}, store,

		// the buckets of findfunctab but those of the last function
		get(i), i32(t.n - 1), {op: opI32LtU}, {op: opIf, a: emptyType},
		i32(perFunction), set(b),
		{op: opLoop, a: emptyType},
		get(b), i32(1), {op: opI32Sub}, {op: opLocalTee, a: b},
		i32(bucketSize), {op: opI32Mul}, get(i), i32(perFunction * bucketSize), {op: opI32Mul}, {op: opI32Add}, get(i), {op: opI32Store, a: 2, b: int64(t.findfunctab)},
		get(b), {op: opBrIf, a: 0},
		{op: opEnd},
		{op: opEnd},

		// f += size of the _func with what follows it
		get(f), get(f), {op: opI32Load, a: 2, b: funcPCData}, get(f), {op: opI32Load8U, a: 0, b: funcFuncData}, {op: opI32Add}, i32(4), {op: opI32Mul}, {op: opI32Add}, i32(funcSize), {op: opI32Add}, set(f),
		get(i), i32(1), {op: opI32Add}, {op: opLocalTee, a: i}, i32(t.n), {op: opI32LtU}, {op: opBrIf, a: 0},
		{op: opEnd},
		i32(t.functab + 8*t.n), i32(firstPC + t.n), store,
		{op: opEnd},
	}
	m.funcs = append(m.funcs, function{m.typeOf("", ""), appendInstrs([]byte{1, 3, typeI32}, code...)})
	m.raw[sectionStart] = appendUnsigned(nil, uint64(m.imports+len(m.funcs)-1))
}

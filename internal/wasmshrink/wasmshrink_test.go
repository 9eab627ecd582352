package wasmshrink

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestNumbersSurvive(t *testing.T) {
	for _, v := range []int64{0, 1, -1, 63, 64, -64, -65, 127, 128, 1 << 31, -1 << 31, 1<<63 - 1, -1 << 63} {
		r := &reader{b: appendSigned(nil, v)}
		require.Equal(t, v, r.signed())
		require.True(t, r.done())
		r = &reader{b: appendUnsigned(nil, uint64(v))}
		require.Equal(t, uint64(v), r.unsigned())
		require.NoError(t, r.err)
	}
}

func TestRefusesWhatIsNoModuleOfGo(t *testing.T) {
	empty := append([]byte{}, magic...)
	cases := map[string][]byte{
		"nothing":             {},
		"text":                []byte("module"),
		"no sections":         empty,
		"a section cut short": append(empty[:8:8], sectionType, 9, 1),
		"a huge count":        append(empty[:8:8], sectionFunction, 5, 0xff, 0xff, 0xff, 0xff, 0x0f),
		"an endless number":   append(empty[:8:8], 1, 12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
	}
	for name, b := range cases {
		_, err := Shrink(b)
		require.Error(t, err, name)
	}
}

func TestInstructionsSurvive(t *testing.T) {
	m := linked(t)
	for i, f := range m.funcs {
		r := &reader{b: f.body}
		parseLocals(r)
		code, err := parseInstrs(f.body[r.at:])
		require.NoError(t, err, m.names[i])
		// The linker writes indices as signed numbers, which takes a byte more at times.
		written := appendInstrs(nil, code...)
		require.LessOrEqual(t, len(written), len(f.body)-r.at, m.names[i])
		again, err := parseInstrs(written)
		require.NoError(t, err, m.names[i])
		require.Equal(t, code, again, m.names[i])
	}
}

// TestProofFailsForWhatDiffers changes rewritten functions at each instruction:
// wherever a change alters what the function does, the proof must see it.
func TestProofFailsForWhatDiffers(t *testing.T) {
	m := linked(t)
	image, err := m.image()
	require.NoError(t, err)
	table, err := findPclntab(image)
	require.NoError(t, err)
	never := func(int64) bool { return false }
	same := func(a, b int64) bool { return a == b }
	changed := 0
	for _, name := range []string{"main.goroutines", "main.loops", "main.deep", "main.defers", "sort.Ints", "strings.Repeat"} {
		i, ok := m.named(name)
		require.True(t, ok, name)
		f, err := parseGoFunc(m.funcs[i].body, firstPC+int64(i))
		require.NoError(t, err, name)
		entries := f.entries(int(table.u32(table.funcAt(i) + funcDeferReturn)))
		body, base := f.emit(f.analyse(f.resumed(entries)))
		proof := func(change func(w *walker)) error {
			before, err := newWalker(m.funcs[i].body, f.pcF, -1)
			require.NoError(t, err)
			after, err := newWalker(body, f.pcF, base)
			require.NoError(t, err)
			before.never, after.never = never, never
			before.entries, after.entries = entries, entries
			change(after)
			return validate(before, after, same)
		}
		require.NoError(t, proof(func(*walker) {}), name)
		w, err := newWalker(body, f.pcF, base)
		require.NoError(t, err)
		for at, in := range w.code {
			switch in.op {
			case opI64Const, opI64Store, opI64Load, opCall, opLocalTee, opGlobalSet:
				err := proof(func(w *walker) { w.code[at].a += 3 })
				require.ErrorIs(t, err, errProof, "%s: instruction %d", name, at)
				changed++
			case opBrIf:
				err := proof(func(w *walker) { w.code[at].op = opDrop })
				require.ErrorIs(t, err, errProof, "%s: instruction %d", name, at)
				changed++
			}
		}
	}
	require.Greater(t, changed, 300)
}

// TestNumbersHaveTheSameAnswers asks the tables of renumbered functions what
// the runtime asks them, at each return address.
func TestNumbersHaveTheSameAnswers(t *testing.T) {
	m := linked(t)
	image, err := m.image()
	require.NoError(t, err)
	table, err := findPclntab(image)
	require.NoError(t, err)
	callers, err := m.addCallers()
	require.NoError(t, err)
	asked := 0
	for i := range table.n {
		f, err := parseGoFunc(m.funcs[i].body, firstPC+int64(i))
		if errors.Is(err, errLayout) {
			continue
		}
		require.NoError(t, err)
		f.dropReturns(func(call int64) bool { return neverReturns(m.names[int(call)-m.imports]) })
		f.liftUnwinding(callers)
		at := table.funcAt(i)
		sp, err := table.runs(int(table.u32(at + funcPCSP)))
		require.NoError(t, err)
		index, err := table.runs(table.pcdata(at, stackMapIndex))
		require.NoError(t, err)
		before := slices.Clone(f.table)
		resumed, _ := f.returnAddresses()
		deferReturn := int(table.u32(at + funcDeferReturn))
		var further []int
		if deferReturn != 0 {
			further = append(further, deferReturn)
		}
		w := f.analyse(f.resumed(f.entries(further...)))
		n := f.renumber(w, sp, index, deferReturn)
		require.NotNil(t, n, m.names[i])
		nowSP, nowIndex := runsOf(n.sp), runsOf(n.maps)
		entered := map[int]int{}
		for pc, again := range resumed {
			now := n.of[pc]
			require.Equal(t, valueAt(sp, pc), valueAt(nowSP, now), m.names[i])
			require.Equal(t, valueAt(index, pc-1), valueAt(nowIndex, now-1), m.names[i])
			if again {
				require.Equal(t, before[pc], f.table[now], m.names[i])
				require.Zero(t, entered[now], m.names[i])
				entered[now] = pc
			}
			asked++
		}
		require.Equal(t, valueAt(sp, 0), valueAt(nowSP, 0), m.names[i])
		require.Equal(t, valueAt(index, 0), valueAt(nowIndex, 0), m.names[i])
		if deferReturn != 0 {
			now := n.of[deferReturn]
			require.Equal(t, before[deferReturn], f.table[now], m.names[i])
			require.Equal(t, valueAt(sp, deferReturn), valueAt(nowSP, now), m.names[i])
			require.Equal(t, valueAt(index, deferReturn), valueAt(nowIndex, now), m.names[i])
		}
	}
	require.Greater(t, asked, 5000)
}

// TestSameResults runs programs natively and, shrunk, in Node: one that
// stresses stacks, panics and goroutines, and one that does what the runtime
// reads descriptors of types for and ends in a panic. Of what is printed about
// goroutines then nothing is left.
func TestSameResults(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no node: the rewritten module cannot be run")
	}
	for program, panics := range map[string]bool{"./testdata/stress": false, "./testdata/types": true} {
		want, err := execute(t, "go", "run", program)
		require.Equal(t, panics, err != nil, want)
		want, _, _ = strings.Cut(want, "\n\ngoroutine ")
		for _, inlining := range []string{"-gcflags=", "-gcflags=all=-l"} {
			b, err := os.ReadFile(build(t, program, inlining))
			require.NoError(t, err)
			small, err := Shrink(b)
			require.NoError(t, err)
			require.Less(t, len(small), len(b)*4/5)
			wasm := filepath.Join(t.TempDir(), "program.wasm")
			require.NoError(t, os.WriteFile(wasm, small, 0o600))
			got, err := execute(t, node, "--stack-size=8192", goroot(t)+"/lib/wasm/wasm_exec_node.js", wasm)
			if panics {
				var exit *exec.ExitError
				require.ErrorAs(t, err, &exit)
				require.Equal(t, 2, exit.ExitCode())
				got = strings.TrimSuffix(got, "\n\n")
			} else {
				require.NoError(t, err)
			}
			require.Equal(t, want, got, "%s %s", program, inlining)
		}
	}
}

func TestNamesOfTypesStayWhereReflectIs(t *testing.T) {
	for program, stay := range map[string]bool{"./testdata/stress": true, "./testdata/types": false} {
		b, err := os.ReadFile(build(t, program, "-gcflags="))
		require.NoError(t, err)
		require.Contains(t, string(b), "*runtime.TypeAssertionError")
		small, err := Shrink(b)
		require.NoError(t, err)
		require.Equal(t, stay, strings.Contains(string(small), "*runtime.TypeAssertionError"), program)
	}
}

// described is a program with many types, as linked: its module, its table of
// functions, and the descriptors of its types.
func described(t *testing.T) (*module, *pclntab, *typeTable) {
	m, err := parseModule(must(os.ReadFile(build(t, "./testdata/types", "-gcflags="))))
	require.NoError(t, err)
	image, err := m.image()
	require.NoError(t, err)
	table, err := findPclntab(image)
	require.NoError(t, err)
	types, err := findTypes(table)
	require.NoError(t, err)
	return m, table, types
}

// TestHashesOfCasesStay: type switches have them in their code.
func TestHashesOfCasesStay(t *testing.T) {
	m, table, types := described(t)
	constants, err := m.constants()
	require.NoError(t, err)
	before := map[int]int{}
	for at := range types.found {
		before[at] = types.half(at + typeHash)
	}
	require.NoError(t, m.shrinkTypes(table))
	cases, others := 0, map[int]bool{}
	for at, hash := range before {
		now := types.half(at + typeHash)
		if constants[uint32(hash)] {
			require.Equal(t, hash, now)
			cases++
			continue
		}
		require.Less(t, now, len(before))
		require.False(t, others[now])
		others[now] = true
	}
	require.Greater(t, cases, 5)
	require.Greater(t, len(others), 100)
	for i := range types.nitabs {
		itab := types.word(types.itablinks + 8*i)
		if hash := types.half(itab + itabHash); hash != 0 {
			require.Equal(t, before[types.word(itab+8)], hash)
			require.True(t, constants[uint32(hash)])
		}
	}
}

// TestUnknownDescriptorsAreRefused changes what a descriptor refers to: one
// that is not understood must end the build, never be taken for garbage.
func TestUnknownDescriptorsAreRefused(t *testing.T) {
	_, table, types := described(t)
	image := table.image
	require.Greater(t, len(types.found), 200)
	word := make([]byte, 8)
	tried := map[byte]bool{}
	for _, at := range types.ordered() {
		kind := image[at+typeKind]
		if refers[kind] == 0 || tried[kind] {
			continue
		}
		tried[kind] = true
		copy(word, image[at+typeBytes:])
		image[at+typeBytes] += 8 // in the middle of another
		_, err := findTypes(table)
		require.ErrorIs(t, err, errTypes, "kind %d", kind)
		copy(image[at+typeBytes:], word)
	}
	require.Len(t, tried, 5)
	_, err := findTypes(table)
	require.NoError(t, err)
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// linked gives the stress program as Go links it.
func linked(t *testing.T) *module {
	b, err := os.ReadFile(build(t, "./testdata/stress", "-gcflags="))
	require.NoError(t, err)
	m, err := parseModule(b)
	require.NoError(t, err)
	return m
}

func build(t *testing.T, program, flag string) string {
	out := filepath.Join(t.TempDir(), "linked.wasm")
	cmd := exec.Command("go", "build", "-trimpath", flag, "-o", out, program)
	env, err := os.ReadFile("../../scripts/wasm-env")
	require.NoError(t, err)
	cmd.Env = os.Environ()
	for line := range strings.Lines(string(env)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			cmd.Env = append(cmd.Env, line)
		}
	}
	said, err := cmd.CombinedOutput()
	require.NoError(t, err, string(said))
	return out
}

func goroot(t *testing.T) string { return strings.TrimSpace(output(t, "go", "env", "GOROOT")) }

// output gives what a command printed that must succeed.
func output(t *testing.T, name string, args ...string) string {
	out, err := execute(t, name, args...)
	require.NoError(t, err, "%s %v: %s", name, args, out)
	return out
}

// execute gives what a command printed, in both streams. Go in Node has room for few variables, so it gets those it needs.
func execute(t *testing.T, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	for _, v := range []string{"PATH", "HOME", "GOCACHE", "GOMODCACHE", "GOFLAGS", "GOPROXY"} {
		if value, ok := os.LookupEnv(v); ok {
			cmd.Env = append(cmd.Env, v+"="+value)
		}
	}
	timer := time.AfterFunc(5*time.Minute, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	out, err := cmd.CombinedOutput()
	return string(out), err
}

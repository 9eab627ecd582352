package wasmshrink

import "strings"

// An unusedPart is a part of the runtime that a program links and, without the
// package that turns it on, never gets to.
type unusedPart struct {
	unless string // functions of this package begin so; where one is linked the part stays
	skips  bool   // it is called and has no results: it returns at once; otherwise it is never called, and traps
	names  []string
}

// unusedParts are found by names as the linker writes them, those that end in
// a star by how they begin. Where the runtime has none of a name, or the
// function is of another layout, nothing happens.
var unusedParts = []unusedPart{
	// Execution traces: package runtime/trace begins one.
	{unless: "runtime_trace.", names: []string{
		"runtime.traceAdvance*", "runtime.traceReadCPU", "runtime.traceStopReadCPU", "runtime.traceSyncBatch*", "runtime.traceWriter.*", "runtime.traceEventWriter.*",
		"runtime.traceStack", "runtime.traceCPUFlush*", "runtime.traceBufFlush", "runtime.traceRegisterLabelsAndReasons", "runtime.traceAcquireEnabled",
		"runtime.traceLocker.Go*", "runtime.traceLocker.Proc*", "runtime.traceLocker.STW*", "runtime.traceLocker.GC*", "runtime.traceLocker.Heap*", "runtime.traceLocker.Span*",
		"runtime.traceLocker.emitUnblockStatus", "runtime.traceLocker.eventWriter", "runtime.traceLocker.startPC",
		"runtime.__traceMap_.*", "runtime.__traceStackTable_.*", "runtime.__traceStringTable_.*", "runtime.__traceTypeTable_.*", "runtime.__traceRegionAlloc_.*", "runtime.__traceBuf_.*",
		"runtime.dumpStacksRec", "runtime.dumpTypesRec", "runtime.makeTraceFrame", "runtime.makeTraceFrames", "runtime.startPCForTrace", "runtime.goStatusToTraceGoStatus",
	}},
	// Profiles: package runtime/pprof begins them.
	{unless: "runtime_pprof.", names: []string{
		"runtime.__profBuf_.*", "runtime.doRecordGoroutineProfile*", "runtime.tryRecordGoroutineProfile*",
		"runtime.stkbucket", "runtime.setprofilebucket", "runtime.saveblockevent", "runtime.fpunwindExpand",
	}},
	// The first allocations of all come to it, before profiles are switched off.
	{unless: "runtime_pprof.", skips: true, names: []string{"runtime.mProf_Malloc"}},
	// Metrics: read by package runtime/metrics, and by package internal/godebug
	// when a setting of GODEBUG changes what is done. A page has no GODEBUG.
	{unless: "runtime_metrics.", names: []string{"runtime.initMetrics*", "runtime.__timeHistogram_.write", "runtime.timeHistogramMetricsBuckets"}},
	// Package runtime/pprof marks the test binaries here as well: they may be given a GODEBUG.
	{unless: "runtime_pprof.", names: []string{
		"internal_bisect.*", "runtime.schedtrace*", "runtime.checkFinalizersAndCleanups*",
		"runtime.dumpScanStats", "runtime.fmtNSAsMS", "runtime.printScavTrace", "runtime.runCheckmark", "runtime.startCheckmarks*", "runtime.setCheckmark",
	}},
	// Bubbles: package testing/synctest makes them.
	{unless: "testing.", names: []string{"runtime.__synctestBubble_.*"}},
	// The runtime's tests of itself when it starts: of its arithmetic and of the
	// table of functions, which is checked where it is written (pclntab.go).
	{skips: true, names: []string{"runtime.check", "runtime.moduledataverify1"}},
	{names: []string{"runtime.testAtomic64"}},
	// Second modules: plugins.
	{unless: "plugin.", names: []string{"runtime.typesEqual"}},
	{unless: "plugin.", skips: true, names: []string{"runtime.typelinksinit"}},
	// Tracebacks say nothing without the tables that are left out of the module.
	{skips: true, names: []string{"runtime.traceback1", "runtime.traceback2", "runtime.goroutineheader", "runtime.tracebackHexdump", "runtime.printAncestorTraceback", "runtime.hexdumpWords", "runtime.gcDumpObject"}},
	{names: []string{
		"runtime.printArgs", "runtime.traceback1.func1", "runtime.traceback2.func1", "runtime.printAncestorTracebackFuncInfo", "runtime.printCgoTraceback*", "runtime.printOneCgoTraceback", "runtime.callCgoSymbolizer",
		"runtime.__hexdumper_.*", "runtime.tracebackHexdump.func1", "runtime.hexdumpWords.func1", "runtime.hexdumpMarker.start", "runtime.expandCgoFrames",
	}},
}

// dropUnused empties the functions of unused parts. It says which ones.
func (m *module) dropUnused() map[int]bool {
	dropped := map[int]bool{}
	for _, part := range unusedParts {
		if part.unless != "" && m.links(part.unless) {
			continue
		}
		for i, name := range m.names {
			if matches(part.names, name) && m.isGoFunc(i) {
				m.funcs[i].body = emptyBody(part.skips)
				dropped[i] = true
			}
		}
	}
	return dropped
}

func (m *module) links(prefix string) bool {
	for _, name := range m.names {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

func matches(patterns []string, name string) bool {
	for _, p := range patterns {
		if prefix, open := strings.CutSuffix(p, "*"); p == name || open && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// isGoFunc reports whether a function is of Go's calling convention.
func (m *module) isGoFunc(i int) bool {
	_, err := parseGoFunc(m.funcs[i].body, firstPC+int64(i))
	return err == nil
}

// emptyBody is a function that traps, or one that returns: it takes the return
// address from the stack and says that the stack need not be unwound.
func emptyBody(returns bool) []byte {
	code := []instr{{op: opUnreachable}, {op: opEnd}}
	if returns {
		code = []instr{{op: opGlobalGet, a: 0}, {op: opI32Const, a: 8}, {op: opI32Add}, {op: opGlobalSet, a: 0}, {op: opI32Const}, {op: opEnd}}
	}
	return appendInstrs([]byte{0}, code...)
}

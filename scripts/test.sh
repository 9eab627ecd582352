#!/usr/bin/env bash
# Everything that is tested, at least one round of every kind. POCKETGRAPH_LONG=1
# runs the full counts. Each step says what it is and how long it took; all
# steps run, and the last lines say which failed.
set -uo pipefail
cd "$(dirname "$0")/.."

long=${POCKETGRAPH_LONG:-}
passed=0
failed=()
begin=$(date +%s)

step() {
	local name=$1
	shift
	if scripts/step.sh "$name" "$@"; then
		passed=$((passed + 1))
	else
		failed+=("$name")
	fi
}

formatted() {
	local files
	files=$(gofmt -l $(git ls-files '*.go'))
	[ -z "$files" ] || { echo "not formatted: $files"; return 1; }
}
export -f formatted # a step is a command of its own

# Packages whose tests are worth the race detector: those with goroutines.
racy="./storage/... ./wal/... ./jsbridge/... ."

step "format" bash -c formatted
step "vet" go vet ./...
step "vet for the page" env $(grep -v "^#" scripts/wasm-env) go vet ./opfs/... ./jsbridge/... ./wasm/... ./internal/jsutil/... ./internal/jszones/...
step "native tests" go test -timeout 20m ./...
[ -z "$long" ] || step "a million crashes" make --no-print-directory torture
step "race detector" go test -race -short -timeout 20m $racy
step "fuzzing" scripts/fuzz.sh "$([ -n "$long" ] && echo 10m || echo quick)"
step "wasm tests, Chromium" scripts/wasm-test.sh chromium ./opfs ./internal/borderprobe ./internal/jszones ./jsbridge
# The crash sweeps of package wal are simulations and run natively; in a browser
# the log is tried on the real OPFS.
step "the log on OPFS, Chromium" scripts/wasm-test.sh chromium ./wal -- -run InTheBrowser
step "wasm tests, Firefox" scripts/wasm-test.sh firefox ./opfs ./internal/borderprobe ./internal/jszones ./jsbridge
step "the log on OPFS, Firefox" scripts/wasm-test.sh firefox ./wal -- -run InTheBrowser
# The same file system over IndexedDB, for which the runner of stock browsers serves the module.
files='^Test(Suite|TwoOpensShareBytes|ReadOnlyAndWriteOnly|ClosedFile|InvalidArguments|LargerThanTheBuffer|AppendAndSync|TruncateGrowsWithZeros|SecondLockOfOneWorker|ConcurrentOpensShareOneHandle|ExclusiveCreateHasOneWinner|Rename|RenameRefuses|StatAndReadDirSeeOpenFiles|InTheBrowser)$'
step "files and the log in IndexedDB, Chromium" scripts/wasm-test.sh chromium-stock ./opfs ./wal -- -run "$files" -args -indexeddb
step "files and the log in IndexedDB, Firefox" scripts/wasm-test.sh firefox ./opfs ./wal -- -run "$files" -args -indexeddb
# In the page the rules of time zones and the normal forms of Unicode come from
# the browser, through jsbridge; the language's own tests have none there.
step "tests in Node, shrunk as the engine is" scripts/shrunk-test.sh ./cypher ./cypher/syntax ./graph ./jsbridge ./storage/mem ./storage/index -- -test.short -test.skip 'TestScripts/temporal|TestScripts/functions/(normal_forms_of_Unicode|IS_NORMALIZED)|TestOneStepIsInterrupted/(normalize|NORMALIZED)|TestTCK'
step "npm package: build" npm --prefix web run --silent build
step "npm package: types" npm --prefix web run --silent typecheck
step "npm package: tests in Chromium and Firefox" npm --prefix web run --silent test
# Runs every benchmark with small counts and compares the peers' answers; nothing is timed.
step "benchmarks: peers agree" bash -c 'scripts/setup.sh bench && node web/bench/run.mjs --quick'
step "size" node web/size.mjs
step "conformance suite" scripts/tck.sh --quiet

printf '\n'
for name in "${failed[@]}"; do printf 'failed: %s\n' "$name"; done
printf 'after %d s\n%d passed, %d failed\n' $(($(date +%s) - begin)) "$passed" "${#failed[@]}"
[ ${#failed[@]} = 0 ]

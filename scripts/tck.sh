#!/usr/bin/env bash
# Runs the openCypher conformance suite with the suite's own runner, against the
# native command and against the npm package in a page in Chromium, and prints
# how many scenarios pass exactly: rows, side effects, and errors with type, phase
# and detail. Fails unless all do, in both.
#
#   scripts/tck.sh [native | page] [runner options…]      (such as --fail-list, --filter REGEX)
set -uo pipefail
cd "$(dirname "$0")/.."

# How many scenarios the suite has. A run that finds fewer has not run the suite.
scenarios=2931

engines=(native page)
case "${1:-}" in native | page) engines=("$1"); shift ;; esac
case " $* " in *" --filter "*) scenarios= ;; esac # a part of the suite: all of what is found

suite=${POCKETGRAPH_TCK:-../shared/tck}
runner=${POCKETGRAPH_TCK_RUNNER:-../shared/tck-runner/run.mjs}
if [ ! -d "$suite" ] || [ ! -f "$runner" ]; then
	echo "the conformance suite is not here (looked for $suite and $runner): skipped"
	exit 0
fi
# By their real paths: behind a symbolic link the runner takes itself for a module
# that somebody imports, and does nothing.
suite=$(realpath "$suite")
runner=$(realpath "$runner")

prepare() {
	case $1 in
	native) go build -trimpath -o bin/pocketgraph ./cmd/pocketgraph ;;
	page) scripts/setup.sh web && npm --prefix web run --silent build ;;
	esac
}

# judge reads the runner's output, passes it on, and holds its TOTAL line
# ("TOTAL 2931/2931 passed …") against what is demanded.
judge() {
	local engine=$1 line total=
	while IFS= read -r line; do
		printf '%-6s %s\n' "$engine" "$line"
		case $line in "TOTAL "*/*) total=${line#TOTAL } ;; esac
	done
	total=${total%% *}
	if [ -z "$total" ]; then
		echo "$engine: the runner printed no total"
		return 1
	fi
	local passed=${total%/*} found=${total#*/}
	if [ "$passed" != "$found" ] || [ "$found" = 0 ] || [ "$found" != "${scenarios:-$found}" ]; then
		echo "$engine: $passed of $found scenarios pass; all ${scenarios:-$found} are to"
		return 1
	fi
}

status=0
for engine in "${engines[@]}"; do
	case $engine in
	native) command=(bin/pocketgraph stdio) ;;
	page) command=(node web/tck/stdio.mjs) ;;
	esac
	# The first answer from a page on a busy machine can take a while.
	if ! prepare "$engine" || ! node "$runner" --tck "$suite" --side-effects reference --timeout 30000 --fail-list 40 "$@" -- "${command[@]}" | judge "$engine"; then
		status=1
	fi
done
exit $status

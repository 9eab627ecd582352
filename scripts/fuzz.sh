#!/usr/bin/env bash
# Runs every fuzz target of the repository, or those whose names match:
#   scripts/fuzz.sh quick [PATTERN]      10,000 inputs each, the same ones every time
#   scripts/fuzz.sh 10m [PATTERN]        for a time each, with inputs of their own
# PATTERN is a regular expression over "folder Target". A finding is kept by go
# test in the target's testdata, and from then on is a test.
set -uo pipefail
cd "$(dirname "$0")/.."

kind=${1:?quick or a time for each target}
pattern=${2:-.}
if [ "$kind" = quick ]; then
	# One worker with a fixed seed: what passes once passes again, until the code
	# changes. (What earlier runs left in Go's cache is tried too.)
	export GODEBUG=fuzzseed=1
	options=(-fuzztime 10000x -parallel 1)
else
	options=(-fuzztime "$kind")
fi

failed=0
while IFS=: read -r file line; do
	folder=$(dirname "$file")
	target=${line#func }
	target=${target%%(*}
	grep -qE -- "$pattern" <<<"$folder $target" || continue
	scripts/step.sh "fuzz $folder $target" \
		go test -run '^$' -fuzz "^$target\$" -fuzzminimizetime 10x "${options[@]}" "./$folder" || failed=$((failed + 1))
done < <(git grep -E '^func Fuzz[A-Z][A-Za-z]*\(' -- '*_test.go')

[ $failed = 0 ] || echo "$failed targets failed"
exit $((failed > 0))

#!/usr/bin/env bash
# Runs the openCypher conformance suite against the native command with the
# suite's own runner, and prints how many scenarios pass exactly: rows, side
# effects, and errors with type, phase and detail.
#
#   scripts/tck.sh [runner options…]
set -euo pipefail
cd "$(dirname "$0")/.."
suite=${POCKETGRAPH_TCK:-../shared/tck}
runner=${POCKETGRAPH_TCK_RUNNER:-../shared/tck-runner/run.mjs}
if [ ! -d "$suite" ] || [ ! -f "$runner" ]; then
	echo "the conformance suite is not here (looked for $suite and $runner): skipped"
	exit 0
fi
go build -trimpath -o bin/pocketgraph ./cmd/pocketgraph
# By its real path: behind a symbolic link the runner takes itself for a module
# that somebody imports, and does nothing.
exec node "$(realpath "$runner")" --tck "$suite" --side-effects reference "$@" -- bin/pocketgraph stdio

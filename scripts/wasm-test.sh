#!/bin/sh
# Runs js/wasm tests in a real browser.
#
#   scripts/wasm-test.sh [chromium|firefox] PKG… [-- go test flags…]
#
# chromium: under wasmbrowsertest; firefox (and chromium-stock): under
# internal/wasmtest/run/run.mjs. WASM_TEST_TIMEOUT is seconds for the whole run (600).
#
# The whole environment of a test is copied into the page, where Go has 8 KB
# for it, so the tests get a small one. Only what is started here is ended.
set -eu

cd "$(dirname "$0")/.."
browser=chromium
case "${1:-}" in chromium | firefox | chromium-stock) browser=$1; shift ;; esac
limit=${WASM_TEST_TIMEOUT:-600}

packages=
while [ $# -gt 0 ] && [ "$1" != "--" ]; do packages="$packages $1"; shift; done
[ "${1:-}" = "--" ] && shift
[ -n "$packages" ] || { echo "usage: $0 [chromium|firefox] PKG… [-- go test flags…]" >&2; exit 2; }

chromium_flags=${CHROMIUM_FLAGS:---disable-background-networking}
if [ "$(id -u)" = 0 ]; then # Chromium refuses to use its sandbox as root
	case " $chromium_flags " in *" --no-sandbox "*) ;; *) chromium_flags="$chromium_flags --no-sandbox" ;; esac
fi


set -- -vet=off -count=1 -timeout "${limit}s" "$@"
case $browser in
chromium) runner=$(go tool -n wasmbrowsertest) ;;
*) runner="node $PWD/internal/wasmtest/run/run.mjs" ;;
esac

echo "wasm-test: $browser:$packages"
start=$(date +%s)
status=0
# timeout ends the process group that it starts, browser and all.
# shellcheck disable=SC2086
timeout -k 10 "$limit" env -i PATH="$PATH" HOME="$HOME" $(grep -v "^#" scripts/wasm-env) \
	CHROMIUM_FLAGS="$chromium_flags" WASM_BROWSER="${browser%-stock}" WASM_TIMEOUT="$limit" \
	GOFLAGS="$(go env GOFLAGS)" GOCACHE="$(go env GOCACHE)" GOMODCACHE="$(go env GOMODCACHE)" GOPROXY="$(go env GOPROXY)" \
	${TMPDIR:+TMPDIR="$TMPDIR"} ${NODE_PATH:+NODE_PATH="$NODE_PATH"} ${BROWSER_PATH:+BROWSER_PATH="$BROWSER_PATH"} ${RED:+RED="$RED"} \
	go test -exec "$runner" $packages "$@" || status=$?
[ $status -eq 124 ] && echo "wasm-test: no end after $limit s"
echo "wasm-test: $browser: $(($(date +%s) - start)) s, exit $status"
exit $status

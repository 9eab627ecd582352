#!/bin/sh
# Runs Go tests as js/wasm in Node after internal/wasmshrink has rewritten the
# test's module, as it does the engine's:
#
#   scripts/shrunk-test.sh PKG… [-- test flags…]        (such as -test.short)
#
# The whole environment of a test is copied into the module, where Go has 8 KB
# for it, so the tests get a small one.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
packages=
while [ $# -gt 0 ] && [ "$1" != "--" ]; do packages="$packages $1"; shift; done
[ "${1:-}" = "--" ] && shift
[ -n "$packages" ] || { echo "usage: $0 PKG… [-- test flags…]" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
runtime=$(go env GOROOT)/lib/wasm/wasm_exec_node.js
go build -o "$work/shrink" ./internal/wasmshrink/shrink
for package in $packages; do
	env $(grep -v "^#" "$root/scripts/wasm-env") go test -c -o "$work/linked.wasm" "$package"
	"$work/shrink" "$work/linked.wasm" "$work/small.wasm"
	echo "shrunk-test: $package"
	(cd "$root/$package" && timeout -k 10 600 env -i PATH="$PATH" HOME="$HOME" TMPDIR="$work" \
		node --stack-size=8192 "$runtime" "$work/small.wasm" -test.timeout 590s "$@")
done

#!/usr/bin/env bash
# Installs what the build and the tests need and a fresh Debian machine lacks:
#
#   scripts/setup.sh web        the npm packages of web/ (from its lock file)
#   scripts/setup.sh bench      those of web/bench/: the peers we are measured against
#   scripts/setup.sh bundlers   those of web/test/bundlers/: what the tests build apps with
#   scripts/setup.sh next       Next.js, by itself because it is large: for the full counts only
#   scripts/setup.sh bun        Bun, likewise
#   scripts/setup.sh browsers   Chromium and Firefox from the distribution
#
# Without root it installs no Debian package but says which ones are missing.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '[setup] %s\n' "$*"; }

need_tools() {
	local tool missing=()
	for tool in go node npm; do
		command -v "$tool" >/dev/null || missing+=("$tool")
	done
	if ((${#missing[@]})); then
		say "missing: ${missing[*]}. Needed are Go 1.26, Node 20 and npm 11."
		exit 1
	fi
}

browsers() {
	local missing=()
	command -v chromium >/dev/null || missing+=(chromium)
	command -v firefox-esr >/dev/null || missing+=(firefox-esr)
	# A headless browser draws text only where there is a font.
	[ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing+=(fonts-dejavu-core)
	((${#missing[@]})) || return 0
	if [ "$(id -u)" != 0 ]; then
		say "these Debian packages are missing; ask root to run: apt-get install --no-install-recommends ${missing[*]}"
		exit 1
	fi
	say "installing ${missing[*]} (a few minutes)"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -q
	apt-get install -y -q --no-install-recommends "${missing[@]}"
}

packages() {
	local folder=$1
	# The stamp keeps a second run from installing again.
	if [ -e "$folder/node_modules/.stamp" ] && [ "$folder/node_modules/.stamp" -nt "$folder/package-lock.json" ]; then
		return 0
	fi
	say "npm ci in $folder/"
	(cd "$folder" && npm ci --no-fund --no-audit)
	touch "$folder/node_modules/.stamp"
}

need_tools
for step in "$@"; do
	case "$step" in
	web) packages web ;;
	bench) packages web/bench ;;
	bundlers) packages web/test/bundlers ;;
	bun) packages web/test/bun ;;
	next) packages web/test/bundlers/next ;;
	browsers) browsers ;;
	*)
		say "unknown step $step"
		exit 2
		;;
	esac
done

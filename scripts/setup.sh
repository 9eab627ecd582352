#!/usr/bin/env bash
# Installs what the build and the tests need and a fresh Debian machine lacks:
#
#   scripts/setup.sh web        the npm packages of web/ (from its lock file)
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

web() {
	# The stamp keeps a second run from installing again.
	if [ -e web/node_modules/.stamp ] && [ web/node_modules/.stamp -nt web/package-lock.json ]; then
		return 0
	fi
	say "npm ci in web/"
	(cd web && npm ci --no-fund --no-audit)
	touch web/node_modules/.stamp
}

need_tools
for step in "$@"; do
	case "$step" in
	web) web ;;
	browsers) browsers ;;
	*)
		say "unknown step $step"
		exit 2
		;;
	esac
done

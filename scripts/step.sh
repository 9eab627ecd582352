#!/usr/bin/env bash
# Runs one step, says what it is and how long it took:
#   scripts/step.sh "what it is" command args…
set -uo pipefail
name=$1
shift
printf '\n== %s\n' "$name"
begin=$(date +%s)
"$@"
status=$?
printf '== %s: %s after %d s\n' "$name" "$([ $status = 0 ] && echo ok || echo "FAILED ($status)")" $(($(date +%s) - begin))
exit $status

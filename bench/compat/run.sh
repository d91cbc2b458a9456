#!/bin/bash
# gitleaks and tightship over the same histories with gitleaks' own default configuration: does tightship
# report everything that gitleaks reports, what does it report beside, and what does each cost?
#
#   bench/compat/run.sh REPO...      repositories, bare or not; each is cloned bare, and not touched
#
# TIGHTSHIP=program, GITLEAKS=program (8.30), CONFIG=its config/gitleaks.toml (default: of the Go module
# cache), KEEP=folder for clones and reports, so that a second run need not run gitleaks again.
# Exit status 1 when something of gitleaks' is missing, or something beside it cannot be explained.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tightship=${TIGHTSHIP:-$here/../../build/release/tightship}
gitleaks=${GITLEAKS:-gitleaks}
config=${CONFIG:-$(ls -d "$(go env GOMODCACHE)"/github.com/zricethezav/gitleaks/v8@v8.30.*/config/gitleaks.toml | tail -1)}
[ $# -gt 0 ] || { sed -n '2,10p' "$0" >&2; exit 2; }
work=${KEEP:-$(mktemp -d)}
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work"
status=0
for repo in "$@"; do
  name=$(basename "${repo%/repo}" .git)
  clone=$work/$name.git
  [ -d "$clone" ] || git clone -q --bare --no-local "$repo" "$clone"
  for tool in gitleaks tightship; do
    program=${!tool}
    [ "$tool" = gitleaks ] && [ -e "$work/$name.gitleaks.json" ] && continue
    python3 "$here/timed.py" "$work/$name.$tool.time" "$program" git "$clone" --config "$config" --redact=0 \
      --no-banner --exit-code 0 --report-format json --report-path "$work/$name.$tool.json" --log-level error
  done
  python3 "$here/compare.py" --name "$name" --clone "$clone" --config "$config" --gitleaks "$gitleaks" \
    "$work/$name.gitleaks" "$work/$name.tightship" || status=1
done
exit $status

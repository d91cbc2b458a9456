#!/bin/bash
# Runs one case of the command line and compares what it says with what was written down.
#
#   run_case.sh BIN CASE.sh
#
# The case runs in a folder of its own, with its own HOME, no configuration of git's and fixed dates;
# TIGHTSHIP is BIN. CASE.stdout, CASE.stderr and CASE.exit are what it must say: a missing file stands for
# nothing and for status 0, a line "..." for any number of lines; times and the folder are written TIME and
# WORK. "make_token TEMPLATE [SEED]" makes up a token, so that none stands in a case.
# TIGHTSHIP_UPDATE_GOLDEN=1 writes the files anew.
set -u

if [ $# -ne 2 ]; then
  echo "usage: run_case.sh BIN CASE.sh" >&2
  exit 2
fi
TIGHTSHIP=$(realpath "$1")
case_file=$(realpath "$2")
golden=${case_file%.sh}

work=$(mktemp -d) || exit 2
trap 'chmod -R u+rwx "$work" 2> /dev/null; rm -rf "$work"' EXIT
mkdir "$work/home" "$work/case" "$work/said"

make_token() { "$TIGHTSHIP" rules expand "$1" --seed "${2:-7}"; }
export -f make_token
# Where a case cannot be had on this machine (no git, root reads everything) it says so and is passed.
skip() { echo "skipped: $1" > "$work/said/skipped"; exit 0; }
export -f skip
export TIGHTSHIP work

unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_COMMON_DIR COLUMNS NO_COLOR CLICOLOR_FORCE
unset XDG_CACHE_HOME TIGHTSHIP_CACHE
export HOME=$work/home XDG_CONFIG_HOME=$work/home LC_ALL=C.UTF-8 TZ=UTC TERM=dumb
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0
export GIT_AUTHOR_NAME=Ana GIT_AUTHOR_EMAIL=ana@example.com GIT_COMMITTER_NAME=Ana GIT_COMMITTER_EMAIL=ana@example.com
export GIT_AUTHOR_DATE='2025-11-03T10:00:00+0000' GIT_COMMITTER_DATE='2025-11-03T10:00:00+0000'

(cd "$work/case" && exec bash "$case_file") > "$work/said/stdout" 2> "$work/said/stderr" < /dev/null
echo $? > "$work/said/exit"
# What differs from run to run: how long it took, and where.
for stream in stdout stderr; do
  sed -i -E -e 's/ in [0-9]+(\.[0-9]+)? (ms|s)( |:|$)/ in TIME\3/' -e "s|$work|WORK|g" "$work/said/$stream"
done

if [ -e "$work/said/skipped" ]; then
  cat "$work/said/skipped"
  exit 0
fi

if [ "${TIGHTSHIP_UPDATE_GOLDEN:-0}" = 1 ]; then
  for stream in stdout stderr exit; do
    if [ "$(cat "$work/said/$stream")" = "$([ $stream = exit ] && echo 0)" ]; then
      rm -f "$golden.$stream"
    else
      cp "$work/said/$stream" "$golden.$stream"
    fi
  done
  exit 0
fi

# Lines of $1 may stand for others ("..."): the fixed runs between them must come in this order, the first
# at the top and the last at the end.
matches() {
  awk '
    FILENAME == ARGV[1] { want[++wanted] = $0; next }
    { said[++total] = $0 }
    function fits(at, from, to,   i) {
      for (i = from; i <= to; ++i) if (said[at + i - from] != want[i]) return 0
      return 1
    }
    END {
      at = 1; from = 1; free = 0
      while (from <= wanted) {
        if (want[from] == "...") { free = 1; ++from; continue }
        to = from
        while (to < wanted && want[to + 1] != "...") ++to
        len = to - from + 1
        if (to == wanted && free) at = (total - len + 1 > at) ? total - len + 1 : at
        while (free && at + len - 1 <= total && !fits(at, from, to)) ++at
        if (at + len - 1 > total || !fits(at, from, to)) exit 1
        at += len; from = to + 1; free = 0
      }
      exit !(free || at == total + 1)
    }' "$1" "$2"
}

failed=0
for stream in stdout stderr exit; do
  wanted=$golden.$stream
  if [ ! -e "$wanted" ]; then
    wanted=$work/said/wanted
    if [ $stream = exit ]; then echo 0 > "$wanted"; else : > "$wanted"; fi
  fi
  if ! matches "$wanted" "$work/said/$stream"; then
    echo "$(basename "$golden").$stream differs (- wanted, + said):"
    diff -u "$wanted" "$work/said/$stream" | tail -n +3
    failed=1
  fi
done
exit $failed

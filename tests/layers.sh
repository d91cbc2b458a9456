#!/bin/bash
# Compares the module graph that CMakeLists.txt states with the includes of src, and third-party headers
# with the modules that may see them.
#
#   layers.sh SOURCE_DIR    0 when they agree; every wrong include is printed as path:line
#
# It first proves on a made-up tree that it finds what it must find.
set -u

# Header (a prefix, or a whole name) and the files that may include it.
third_party() {
  cat <<'RULES'
hs.h            src/match/*.cpp  src/match/literal_database.h
hs/             src/match/*.cpp  src/match/literal_database.h
re2/            src/match/*  src/detect/*.cpp  src/env/schema.cpp
git2.h          src/git/*.cpp  src/git/libgit2_library.h
git2/           src/git/*.cpp  src/cli/version.cpp
libdeflate.h    src/git/*.cpp  src/detect/*.cpp  src/cli/version.cpp
yaml.h          src/lint/*.cpp
nlohmann/       src/detect/*.cpp  src/lint/*.cpp  src/env/*.cpp  src/allow/*.cpp  src/report/*.cpp  src/report/json_value.h  src/push/*.cpp  src/ci/*.cpp  src/cli/*.cpp
zlib.h          src/git/*.cpp  src/unpack/pdf_filters.cpp  src/scan/decoded_text.cpp  src/bundle/packed.cpp  src/cli/version.cpp
nettle/         src/git/*.cpp  src/detect/*.cpp  src/net/*.cpp  src/cli/version.cpp
toml++/         src/detect/*.cpp  src/detect/toml_parser.h  src/lint/*.cpp  src/net/*.cpp  src/cli/version.cpp
archive.h       src/unpack/*.cpp
brotli/         src/bundle/packed.cpp
archive_entry.h src/unpack/*.cpp
CLI/            src/cli/parse.cpp  src/cli/version.cpp
spdlog/         src/cli/log.cpp  src/cli/version.cpp
sys/socket.h    src/net/*.cpp
netinet/        src/net/*.cpp
arpa/           src/net/*.cpp
netdb.h         src/net/*.cpp
ares.h          src/net/*.cpp
openssl/        src/net/*.cpp  src/net/openssl_library.h
curl/           src/net/*.cpp  src/net/curl_library.h
libpsl.h        src/net/*.cpp
idn2.h          src/net/*.cpp
RULES
}

# "module dependency dependency ..." a line, from the tightship_module(...) lines.
stated_graph() {
  sed -n 's/^tightship_module(\([a-z_]*\)\(.*\))$/\1\2/p' "$1/CMakeLists.txt" | sed 's/ DEPENDS / /'
}

# "path:line:header" for every include of src.
includes() {
  (cd "$1" && grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]' --include='*.h' --include='*.cpp' src) |
    sed -E 's/^([^:]*:[0-9]+):[^<"]*[<"]([^>"]*)[>"].*/\1:\2/'
}

may_include() {  # path, patterns...
  local path=$1 pattern
  shift
  for pattern in "$@"; do
    # shellcheck disable=SC2254
    case $path in $pattern) return 0 ;; esac
  done
  return 1
}

check() {
  local root=$1 wrong=0 path line header module target rule_header patterns
  local -A allowed=()
  local -a rules
  mapfile -t rules < <(third_party)
  while read -r module patterns; do allowed[$module]=" $module $patterns "; done < <(stated_graph "$root")
  if [ ${#allowed[@]} -eq 0 ]; then
    echo "CMakeLists.txt states no tightship_module(...)"
    return 1
  fi
  while IFS=: read -r path line header; do
    module=${path#src/} module=${module%%/*}
    if [ -z "${allowed[$module]:-}" ]; then
      echo "$path:$line: module $module is not stated in CMakeLists.txt"
      wrong=1
      continue
    fi
    target=${header%%/*}
    if [ "$target" != "$header" ] && [ -d "$root/src/$target" ] && [ -f "$root/src/$header" ]; then
      case ${allowed[$module]} in
        *" $target "*) ;;
        *) echo "$path:$line: $module must not include $header"; wrong=1 ;;
      esac
    fi
    local rule
    for rule in "${rules[@]}"; do
      rule_header=${rule%% *} patterns=${rule#* }
      case $rule_header in
        */) [[ $header == "$rule_header"* ]] || continue ;;
        *) [ "$header" = "$rule_header" ] || continue ;;
      esac
      # shellcheck disable=SC2086
      (set -f; may_include "$path" $patterns) || { echo "$path:$line: <$header> belongs to $patterns"; wrong=1; }
    done
  done < <(includes "$root")
  return $wrong
}

self_test() {
  local root
  root=$(mktemp -d) || return 1
  mkdir -p "$root/src/base" "$root/src/git"
  printf 'tightship_module(base)\ntightship_module(git DEPENDS base)\n' > "$root/CMakeLists.txt"
  echo '#include <vector>' > "$root/src/base/bytes.h"
  printf '#include "base/bytes.h"\n#include <git2.h>\n' > "$root/src/git/pack.cpp"
  touch "$root/src/git/pack.h"
  local failed=0
  check "$root" > /dev/null || { echo "self-test: a right tree was refused"; failed=1; }
  local bad
  for bad in 'base/file.cpp:#include "git/pack.h"' 'base/file.cpp:#  include <git2/version.h>' \
             'git/pack.h:#include <git2.h>' 'net/dns.cpp:#include <vector>' 'git/fetch.cpp:#include <sys/socket.h>'; do
    mkdir -p "$root/src/${bad%%/*}"
    cp -r "$root" "$root.bad"
    echo "${bad#*:}" > "$root.bad/src/${bad%%:*}"
    check "$root.bad" > /dev/null && { echo "self-test: not found: $bad"; failed=1; }
    rm -rf "$root.bad"
  done
  rm -rf "$root"
  return $failed
}

if [ $# -ne 1 ] || [ ! -f "$1/CMakeLists.txt" ]; then
  echo "usage: layers.sh SOURCE_DIR" >&2
  exit 2
fi
self_test && check "$1"

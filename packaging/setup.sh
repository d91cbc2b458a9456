# shellcheck shell=sh
# What packaging/run and packaging/test have in common: Debian packages, the release build.
# Sourced; expects $root, the folder of the source.

# Debian 12. The build needs nothing else, and downloads nothing itself.
build_packages="g++ cmake ninja-build pkg-config git libhyperscan-dev libre2-dev libgit2-dev libdeflate-dev libxxhash-dev
nettle-dev libyaml-dev libfmt-dev libspdlog-dev libcli11-dev nlohmann-json3-dev libtomlplusplus-dev libexpected-dev zlib1g-dev
libgtest-dev libc-ares-dev libssl-dev libcurl4-openssl-dev libpsl-dev libidn2-dev libarchive-dev liblzma-dev libzstd-dev
liblz4-dev libbz2-dev libbrotli-dev"
# Servers that the tests of net start themselves on loopback addresses, and a browser for the launch report;
# without them those tests are skipped.
test_packages="knot openssl nginx-light gnutls-bin iproute2 chromium"
# For packaging/test --ci: a compiler with libFuzzer and its run-time, and the formatter.
fuzz_packages="clang-14 libclang-rt-14-dev clang-format-14"

say() { printf '%s\n' "tightship: $*" >&2; }

die() {
  say "$*"
  exit 2
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo > /dev/null; then
    sudo -- "$@"
  else
    die "not root, and there is no sudo; as root: $*"
  fi
}

missing_packages() {
  for package in "$@"; do
    case $(dpkg-query -W -f='${Status}' "$package" 2> /dev/null) in
      "install ok installed") ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

# Installs those of "$@" that are missing, and says which.
install_packages() {
  if ! command -v apt-get > /dev/null; then
    say "no apt-get here: install these yourself if the build misses them: $*"
    return 0
  fi
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  say "installing $missing"
  as_root apt-get -qq update >&2 || die "apt-get update failed"
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $missing >&2 ||
    die "cannot install $missing"
}

# One compiler job takes up to 1.5 GB.
jobs() {
  processors=$(nproc 2> /dev/null || echo 1)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1500000) }' /proc/meminfo 2> /dev/null)
  [ "${memory:-1}" -ge 1 ] || memory=1
  if [ "${memory:-1}" -lt "$processors" ]; then echo "${memory:-1}"; else echo "$processors"; fi
}

# configure PRESET: once; ninja repeats it by itself when a CMake file changes.
configure() {
  [ -f "$root/build/$1/build.ninja" ] && return 0
  say "configuring $1"
  (cd "$root" && cmake --preset "$1" > /dev/null) || die "cannot configure the preset $1"
}

# build PRESET TARGET...: silent when there is little to do.
build() {
  preset=$1
  shift
  configure "$preset"
  quiet=
  if [ -f "$root/build/$preset/.ninja_deps" ]; then quiet=--quiet; else say "building $preset ($(jobs) jobs)"; fi
  # shellcheck disable=SC2086
  ninja -C "$root/build/$preset" -j "$(jobs)" $quiet "$@" >&2 || die "the build of $preset failed"
}

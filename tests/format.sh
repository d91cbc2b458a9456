#!/bin/bash
# Whether the sources are as .clang-format says; other versions of the tool lay out differently.
#
#   format.sh SOURCE_DIR    0 when they are, 77 without clang-format-14
set -u
command -v clang-format-14 > /dev/null || exit 77
cd "$1" || exit 2
find src tests bench cmake \( -name '*.cpp' -o -name '*.h' \) -print0 | xargs -0 clang-format-14 --dry-run -Werror

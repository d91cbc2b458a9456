# Names cannot write to the terminal.
t() { make_token "ghp_{base62:30}{crc32-base62}" "$1"; }
t 1 > "$(printf 'bell\a-escape\033[31m-line\nend')"
t 2 > "$(printf 'bidi\342\200\256txt')"
t 3 > "$(printf 'not-utf8\377')"
t 4 > '-rf'
"$TIGHTSHIP" scan --format concise
"$TIGHTSHIP" scan "$(printf 'gone\033[2J')"

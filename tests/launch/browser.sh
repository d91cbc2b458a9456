#!/bin/bash
# Opens the HTML form of a launch report in a real browser.
#
#   browser.sh BIN    0 when it shows what it must and asks nothing of anybody; 77 without a browser
#
# The repository has files with names that would be markup, script and requests if they were not text. What the
# browser made of the page is looked at, not what we wrote: the elements of its tree, the title, the requests.
set -u
TIGHTSHIP=$(realpath "$1")
browser=
for name in chromium chromium-browser google-chrome chrome; do
  command -v "$name" > /dev/null && { browser=$name; break; }
done
[ -n "$browser" ] || { echo "skipped: no chromium"; exit 77; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export HOME=$work GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 TIGHTSHIP_CACHE=off
export GIT_AUTHOR_NAME=Ana GIT_AUTHOR_EMAIL=ana@example.com GIT_COMMITTER_NAME=Ana GIT_COMMITTER_EMAIL=ana@example.com

git init -q -b main "$work/repo" && cd "$work/repo" || exit 2
names=('<script>document.title="taken"<' '"><img src=x onerror=document.title="taken">' "'>--><svg onload=document.title=1>"
       '&lt;b&gt;' '{{7*7}}${7*7}' $'a\nb\x1b[2J' '</style><base href=x>' '<iframe srcdoc=x>' 'javascript:alert(1)')
seed=0
for name in "${names[@]}"; do
  seed=$((seed + 1))
  file=${name//\//_}
  "$TIGHTSHIP" rules expand 'ghp_{base62:30}{crc32-base62}' --seed $seed > "$file.txt" || exit 2
done
git add -A && git commit -qm '<script>document.title="taken"</script>' || exit 2
"$TIGHTSHIP" launch -q --all --html "$work/page.html" > /dev/null
[ $? -eq 1 ] || { echo "launch did not find what was planted"; exit 1; }

fail() { echo "$1"; exit 1; }
open_page() {
  timeout 60 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" --log-net-log="$work/net.json" \
    --virtual-time-budget=2000 "$@" "file://$work/page.html" 2> "$work/browser.log"
}
open_page --dump-dom > "$work/dom.html" || fail "the browser failed: $(tail -3 "$work/browser.log")"
grep -q '<title>Launch report: \.</title>' "$work/dom.html" || fail "the title was changed"
if grep -oiE '<(script|img|svg|iframe|base|link|object|embed|form|a)[ >]' "$work/dom.html"; then
  fail "a name became an element"
fi
rows=$(grep -o '<li class="launch-blocker"' "$work/dom.html" | wc -l)
[ "$rows" -eq ${#names[@]} ] || fail "$rows rows instead of ${#names[@]}"
for text in '&lt;script&gt;' '{{7*7}}' '&amp;lt;b&amp;gt;' '\x1b[2J'; do
  grep -qF -- "$text" "$work/dom.html" || fail "'$text' is not shown as text"
done
if grep -oE '"url":"(https?|wss?):[^"]*"' "$work/net.json" | grep -F "$work"; then fail "a request was made"; fi
for mode in "" --force-dark-mode; do
  # shellcheck disable=SC2086
  open_page $mode --screenshot="$work/page.png" > /dev/null || fail "no picture"
  [ "$(wc -c < "$work/page.png")" -gt 10000 ] || fail "the page is empty"
done
open_page --print-to-pdf="$work/page.pdf" > /dev/null && [ -s "$work/page.pdf" ] || fail "cannot be printed"
echo "ok: $rows rows"

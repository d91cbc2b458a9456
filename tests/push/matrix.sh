#!/bin/bash
# Real pushes between local repositories, with the hook installed: what is blocked, what passes, and that
# nothing reached the remote when it was blocked. Then the commands that a blocked push prints, run as they
# are: the next push passes and the secret is in nothing that was pushed.
#
#   matrix.sh TIGHTSHIP    the last line counts; 0 when all hold
set -u
tightship=$1
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export HOME=$work/home GIT_CONFIG_NOSYSTEM=1 XDG_CACHE_HOME=$work/cache PATH="$(dirname "$tightship"):$PATH"
export GIT_AUTHOR_NAME=Ana GIT_AUTHOR_EMAIL=ana@example.com GIT_COMMITTER_NAME=Ana GIT_COMMITTER_EMAIL=ana@example.com
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
mkdir -p "$HOME"
git config --global init.defaultBranch main
git config --global protocol.file.allow always
git config --global advice.detachedHead false
token=$("$tightship" rules expand 'ghp_{base62:30}{crc32-base62}' --seed 7) || exit 2
other=$("$tightship" rules expand 'ghp_{base62:30}{crc32-base62}' --seed 8) || exit 2
export GIT_EDITOR="sed -i s/$token/gone/"
passed=0 failed=0

ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAILED $1: $2"; [ ! -s "$work/err" ] || sed "s/$token/TOKEN/g; s/$other/OTHER/g" "$work/err"; }

# A clone with the hook and one pushed commit; the shell stands in it.
start() {
  case_name=$1
  cd "$work" && rm -rf remote.git "clone one" && git init -q --bare remote.git && git init -q "clone one" && cd "clone one" || exit 2
  git remote add origin "$work/remote.git"
  "$tightship" hook install > /dev/null || exit 2
  put base "nothing" && git push -q origin main 2> "$work/err" || bad "$case_name" "the first push"
}
put() { mkdir -p "$(dirname "$1")"; printf 'line\n%s\n' "$2" >> "$1"; git add -- "$1"; git commit -qm "${3:-change $1}"; }
secret() { put "$1" "key = \"$token\"" "${2:-wire up $1}"; }
remote_has() { git --git-dir="$work/remote.git" cat-file --batch-all-objects --batch 2> /dev/null | grep -aq "$1"; }
remote_state() { git --git-dir="$work/remote.git" for-each-ref; }

blocked() {  # git push arguments
  local before status
  before=$(remote_state)
  git push "$@" > "$work/out" 2> "$work/err"
  status=$?
  if [ $status -eq 0 ]; then bad "$case_name" "passed: git push $*"
  elif ! grep -q '^tightship: push blocked' "$work/err"; then bad "$case_name" "blocked by something else: git push $*"
  elif [ "$before" != "$(remote_state)" ]; then bad "$case_name" "a ref has moved"
  elif remote_has "$token"; then bad "$case_name" "the secret is there"
  elif grep -q "$token" "$work/out" "$work/err"; then bad "$case_name" "the secret was printed"
  else ok; fi
}
passes() {
  if git push "$@" > "$work/out" 2> "$work/err"; then ok; else bad "$case_name" "blocked: git push $*"; fi
}
silent() { if [ -s "$work/err" ] && grep -q tightship "$work/err"; then bad "$case_name" "not silent"; else ok; fi; }

start "new branch"; git switch -qc feature; secret app.py; blocked origin feature
start "a guess in tests"; put tests/login.py 'password = "pelican-9-harbour"'
for format in text json; do
  "$tightship" fix plan --format $format 2> /dev/null | grep -q 'passes, since it stands in tests: tests/login.py:2' ||
    bad "$case_name" "fix plan as $format does not tell"
done
passes origin main
grep -q 'passes, since it stands in tests: tests/login.py:2' "$work/err" || bad "$case_name" "not told"
start "a guess in tests, asked for"; git config tightship.severity warning
put tests/login.py 'password = "pelican-9-harbour"'; blocked origin main
start "a guess elsewhere"; put src/login.py 'password = "pelican-9-harbour"'; blocked origin main
start "a guess in tests and elsewhere"; put tests/a.py 'password = "pelican-9-harbour"'
put src/a.py 'password = "pelican-9-harbour"'; blocked origin main
start "a token in tests"; secret tests/login.py; blocked origin main
start "update"; secret app.py; blocked origin main
start "clean update"; put a b; passes -q origin main; silent
start "nothing to push"; passes -q origin main
start "added and removed inside"; secret app.py; git rm -q app.py; git commit -qm gone; blocked origin main
start "forced over a tip never fetched"
git clone -q "$work/remote.git" "$work/two" && (cd "$work/two" && put x y && git push -q origin main); rm -rf "$work/two"
put z clean; passes -q --force origin main; secret app.py; blocked --force origin main
start "deletion"; git push -q origin main:old 2> /dev/null; passes -q origin :old
start "lightweight tag"; secret app.py; git tag v1; blocked origin v1
start "message of a tag"; git tag -am "key $token" v1; blocked origin v1
start "clean tag"; git tag -am "release" v1; passes -q origin v1
start "notes"; git notes add -m "key $token"; blocked origin refs/notes/commits
start "several refs"; git switch -qc feature; secret app.py; blocked origin main feature
start "other branch than HEAD"; git switch -qc feature; secret app.py; git switch -q main; blocked origin feature
start "remote by URL"; secret app.py; blocked "$work/remote.git" main
start "first push"; secret app.py; git init -q --bare "$work/empty.git"; git remote add empty "$work/empty.git"
git push empty main > /dev/null 2> "$work/err" && bad "$case_name" passed || ok
[ -z "$(git --git-dir="$work/empty.git" for-each-ref)" ] && ok || bad "$case_name" "something arrived"; rm -rf "$work/empty.git"
start "mirror"; git switch -qc feature; secret app.py; git switch -q main; blocked --mirror origin
start "detached HEAD"; git switch -q --detach; secret app.py; blocked origin HEAD:refs/heads/x
start "merge of a side branch"; git switch -qc side; secret app.py; git switch -q main; put m n; git merge -q --no-edit side; blocked origin main
start "content of the merge alone"; git switch -qc side; put s t; git switch -q main; put m n
git merge -q --no-commit side > /dev/null; printf '%s\n' "$token" > evil.txt; git add evil.txt; git commit -qm merge; blocked origin main
start "clean merge"; git switch -qc side; put s t; git switch -q main; put m n; git merge -q --no-edit side; passes -q origin main
start "message of a commit"; put a b "use $token"; blocked origin main
start "author"; git commit -q --allow-empty --author="Ana <$token@example.com>" -m a; blocked origin main
start "file name"; put "$token.txt" x; blocked origin main
start "name of a branch"; git switch -qc "wip-$token"; put a b; blocked origin "wip-$token"
start "symlink"; ln -s "$token" link; git add link; git commit -qm link; blocked origin main
start "submodule moves"; git update-index --add --cacheinfo "160000,$(git rev-parse HEAD),sub"; git commit -qm sub; passes -q origin main

known() { start "$1"; secret old.py; git push -q --no-verify origin main 2> /dev/null; }
known "known secret, other file changes"; put a b; passes -q origin main; silent
known "known secret, its file is moved"; git mv old.py new.py; git commit -qm move; passes -q origin main
known "known secret, its mode changes"; git update-index --chmod=+x old.py; git commit -qm mode; passes -q origin main
known "known secret, its file changes elsewhere"; put old.py more; passes origin main
grep -q 'known before them' "$work/err" && ok || bad "$case_name" "says nothing of the known secret"
known "another secret in the same file"; put old.py "k2 = \"$other\""
git push origin main > /dev/null 2> "$work/err" && bad "$case_name" passed || ok

known "shallow clone"; git clone -q --depth 1 "file://$work/remote.git" "$work/shallow"; cd "$work/shallow" || exit 2
"$tightship" hook install > /dev/null; put a b; passes -q origin main; put c "k = \"$other\""
git push origin main > /dev/null 2> "$work/err" && bad "$case_name" passed || ok; rm -rf "$work/shallow"
start "partial clone"; git --git-dir="$work/remote.git" config uploadpack.allowFilter true
git clone -q --filter=blob:none "file://$work/remote.git" "$work/partial"; cd "$work/partial" || exit 2
"$tightship" hook install > /dev/null; put a b; passes -q origin main; secret app.py; blocked origin main; rm -rf "$work/partial"
known "partial clone, another remote"; git rm -q old.py; git commit -qm gone; git push -q origin main 2> /dev/null
git --git-dir="$work/remote.git" config uploadpack.allowFilter true; git init -q --bare "$work/empty.git"
git clone -q --filter=blob:none "file://$work/remote.git" "$work/partial"; cd "$work/partial" || exit 2
"$tightship" hook install > /dev/null; git push "$work/empty.git" main > /dev/null 2> "$work/err" && bad "$case_name" passed || ok
grep -q 'still at the promisor remote' "$work/err" && [ -z "$(git --git-dir="$work/empty.git" for-each-ref)" ] && ok || bad "$case_name" "says nothing"
rm -rf "$work/partial" "$work/empty.git"
start "shallow clone, another remote"; put a b; git push -q origin main 2> /dev/null; git init -q --bare "$work/empty.git"
git clone -q --depth 1 "file://$work/remote.git" "$work/shallow"; cd "$work/shallow" || exit 2
"$tightship" hook install > /dev/null; git push "$work/empty.git" main > /dev/null 2> "$work/err"
grep -q 'shallow clone: the history' "$work/err" && ok || bad "$case_name" "says nothing"; rm -rf "$work/shallow" "$work/empty.git"
start "source with blanks"; secret app.py "fix it all"; put a b; blocked origin ':/fix it all:refs/heads/x'
start "source with blanks, clean"; put a b "fix it all"; passes -q origin ':/fix it all:refs/heads/x'
start "linked worktree"; git worktree add -q -b wt "$work/wt"; cd "$work/wt" || exit 2; secret app.py; blocked origin wt; rm -rf "$work/wt"
start "allowed"; secret app.py; blocked origin main
id=$(sed -n 's/.*= id: *\([0-9a-f]\{16\}\).*/\1/p' "$work/err" | head -n 1)
"$tightship" allow "$id" --reason "an example" > /dev/null 2>&1 || bad "$case_name" "tightship allow"
git add .tightship && git commit -qm allow; passes origin main
grep -q 'brings its own allowance' "$work/err" && ok || bad "$case_name" "does not say that the allowance is new"
start "broken input"; printf 'garbage\n' | "$tightship" hook run pre-push origin x > /dev/null 2> "$work/err"
[ $? -eq 2 ] && ok || bad "$case_name" "status"
start "pre-receive"; git --git-dir="$work/remote.git" config receive.denyCurrentBranch ignore
"$tightship" hook install --pre-receive "$work/remote.git" > /dev/null; secret app.py
before=$(remote_state); git push --no-verify origin main > /dev/null 2> "$work/err" && bad "$case_name" passed || ok
[ "$before" = "$(remote_state)" ] && ! remote_has "$token" && ok || bad "$case_name" "something was kept"
start "pre-commit"; "$tightship" hook install --pre-commit > /dev/null; echo "$token" > s.txt; git add s.txt
git commit -qm s > /dev/null 2> "$work/err" && bad "$case_name" passed || ok

# Runs the printed steps. "edit FILE" is done by sed.
mend() {
  sed -n 's/^  [0-9]*\. //p' "$work/err" | sed 's/   .*//' | sed "s/^edit /sed -i s,$token,env, /" > "$work/steps"
  [ -s "$work/steps" ] || { bad "$case_name" "no steps"; return; }
  if ! bash -e "$work/steps" > "$work/out" 2>&1; then cp "$work/out" "$work/err"; bad "$case_name" "a printed command failed"
  elif remote_has "$token"; then bad "$case_name" "the secret was pushed"
  elif [ -n "${2:-}" ] && [ -z "$(git --git-dir="$work/remote.git" rev-parse -q --verify "$2")" ]; then bad "$case_name" "nothing was pushed"
  elif [ "$(git rev-parse "$1")" != "$(git --git-dir="$work/remote.git" rev-parse "$1" 2> /dev/null)" ]; then bad "$case_name" "$1 was not pushed"
  else ok; fi
}
start "mend: tip"; secret app.py; blocked origin main; mend main
start "mend: older"; secret app.py; put a b; put c d; blocked origin main; mend main
start "mend: root"; cd "$work" && rm -rf remote.git && git init -q --bare remote.git && cd "clone one" && git checkout -q --orphan fresh && git rm -rqf . ; secret app.py; put a b; git branch -qM main; git update-ref -d refs/remotes/origin/main; blocked origin main; mend main
start "mend: two commits"; secret app.py; put a b; secret lib.py; put c d; blocked origin main; mend main
start "mend: dirty tree"; secret app.py; put a b; echo dirty >> base; blocked origin main; mend main
git diff --quiet -- base && bad "$case_name" "the change is lost" || ok
start "mend: merge"; secret app.py; git switch -qc side; put s t; git switch -q main; put m n; git merge -q --no-edit side; blocked origin main; mend main
start "mend: merge, dirty tree"; secret app.py; git switch -qc side; put s t; git switch -q main; put m n; git merge -q --no-edit side; echo dirty >> base; blocked origin main; mend main
git diff --quiet -- base && bad "$case_name" "the change is lost" || ok
start "mend: gone in the tip"; secret app.py; git rm -q app.py; git commit -qm gone; blocked origin main; mend main
start "mend: other branch"; git switch -qc feature; secret app.py; put a b; git switch -q main; blocked origin feature; mend feature
start "mend: two branches"; secret app.py; git branch two; put a b; blocked origin main two; mend main; mend two 2> /dev/null
start "mend: message of the tip"; put a b "use $token"; blocked origin main; mend main
start "mend: message below"; put a b "use $token"; put c d; blocked origin main; mend main
start "mend: message of a tag"; git tag -am "key $token" v1; blocked origin v1; mend v1
start "mend: env file"; secret .env; blocked origin main; mend main
[ -f .env ] && ok || bad "$case_name" "the file is gone"
start "mend: forced"; put a b; git push -q origin main 2> /dev/null; git commit -q --amend -m other; secret app.py; blocked --force origin main; mend main
known "mend: already public"; git rm -q old.py; git commit -qm out; git push -q origin main 2> /dev/null; put again.py "key = \"$token\""
git push origin main > /dev/null 2> "$work/err" && bad "$case_name" passed
grep -q '^already public: ' "$work/err" && ok || bad "$case_name" "does not say that it is public"
sed -n 's/^  [0-9]*\. //p' "$work/err" | sed 's/   .*//' | sed "s/^edit /sed -i s,$token,env, /" > "$work/steps"
bash -e "$work/steps" > "$work/out" 2>&1 && ! git grep -q "$token" HEAD && ok || bad "$case_name" "steps"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]

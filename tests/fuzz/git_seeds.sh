#!/bin/bash
# Makes the seeds of the fuzz targets for git's formats from a small repository:
#   tests/fuzz/git_seeds.sh fixtures/fuzz
# Dates and names are fixed, so that the same git gives the same files.
set -euo pipefail
out=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null LC_ALL=C TZ=UTC
export GIT_AUTHOR_NAME=Ana GIT_AUTHOR_EMAIL=ana@example.com GIT_AUTHOR_DATE='1700000000 +0100'
export GIT_COMMITTER_NAME=Ben GIT_COMMITTER_EMAIL=ben@example.com GIT_COMMITTER_DATE='1700000000 -0830'
mkdir -p "$out"/{commit,tree,tag,loose,index_file,config_file,packed_refs,pack,pack_index,delta}

for hash in sha1 sha256; do
  repo=$work/$hash
  git init -q -b main --object-format=$hash "$repo"
  cd "$repo"
  mkdir dir
  echo one > a.txt
  echo two > "dir/b c"
  ln -s a.txt link
  git add -A
  git commit -q -m $'first\n\nbody'
  git branch side
  git commit -q --allow-empty -m second
  git checkout -q side
  git commit -q --allow-empty -m third
  git merge -q --no-ff -m merge main
  git tag -a -m $'release\n\nnotes' v1
  git cat-file commit HEAD > "$out/commit/merge-$hash"
  git cat-file commit main~1 > "$out/commit/root-$hash"
  git cat-file tree 'HEAD^{tree}' > "$out/tree/mixed-$hash"
  git cat-file tag v1 > "$out/tag/annotated-$hash"
  for name in HEAD HEAD:a.txt 'HEAD^{tree}'; do
    id=$(git rev-parse "$name")
    cat ".git/objects/${id:0:2}/${id:2}" > "$out/loose/$(git cat-file -t "$name")-$hash"
  done
  # Zero times, owners and checksums: the seeds stay the same, and a mutation reaches the parser.
  for version in 2 4; do
    rm .git/index
    git read-tree HEAD
    git update-index --index-version $version
    size=$(($(stat -c %s .git/index) - $([ $hash = sha1 ] && echo 20 || echo 32)))
    head -c $size .git/index > "$out/index_file/v$version-$hash"
    head -c $([ $hash = sha1 ] && echo 20 || echo 32) /dev/zero >> "$out/index_file/v$version-$hash"
  done
  git pack-refs --all
  cp .git/packed-refs "$out/packed_refs/peeled-$hash"
  cp .git/config "$out/config_file/$hash"
done

cd "$work/sha1"
git update-index --index-version 2
for i in 1 2 3; do echo $i > f$i; done
touch -d @1600000000 f1 f2 f3 a.txt "dir/b c"
git add -A
git update-index --split-index
rm f1
echo more > f2
echo new > f4
git add -A
size=$(($(stat -c %s .git/index) - 20))
{ head -c $size .git/index; head -c 20 /dev/zero; } > "$out/index_file/split-sha1"
printf '\xef\xbb\xbf[Core]\r\n\tbare\n\teditor = "a # b" c \\\n  d\\t ; x\n[remote "o\\"x"]\nurl=y\n[a.B]\nc=\n' \
  > "$out/config_file/syntax"
printf '[a\nb = "open\n[c "d" ]\n!\n[e]\nf = \\x\n' > "$out/config_file/broken"
printf '100644 a\0' > "$out/tree/cut"
printf 'tree 12\nparent\n\n' > "$out/commit/broken"
printf 'object 12\ntype x\n' > "$out/tag/broken"
printf 'x\x9c' > "$out/loose/cut"
printf '# pack-refs\n^x\njunk\n' > "$out/packed_refs/broken"

# Packs, their indexes, and a delta: versions of one file, so that there is something to copy.
cd "$work/sha1"
for i in 1 2 3 4; do
  seq "$i" "$((i * 7 + 60))" > versions
  git add versions
  git commit -q -m "version $i"
done
git repack -adfq --depth=10
cp .git/objects/pack/*.pack "$out/pack/offsets"
cp .git/objects/pack/*.idx "$out/pack_index/v2"
git -c repack.usedeltabaseoffset=false -c pack.indexVersion=1 repack -adfq --depth=10
cp .git/objects/pack/*.pack "$out/pack/references"
cp .git/objects/pack/*.idx "$out/pack_index/v1"
chmod u+w "$out"/pack/* "$out"/pack_index/*
printf '\x0a\x07\x90\x02\x02xy\x91\x07\x03' > "$out/delta/copies-and-insert"

# A secret inside of an archive: the commands of a blocked push do not touch its bytes.
export TIGHTSHIP_CACHE=off
ids() { sed -E 's/[0-9a-f]{16}/FINGERPRINT/; s/\b[0-9a-f]{7}\b/COMMIT/g; s/in [0-9.]+ m?s/in N ms/; s/[0-9.]+ k?B/N B/'; }
push_lines() { echo "refs/heads/main $(git rev-parse HEAD) refs/heads/main $(git rev-parse origin/main)"; }
git init -q --bare remote.git
git init -q -b main shop && cd shop
git remote add origin ../remote.git
echo shop > README && git add README && git commit -qm start && git push -q origin main && git fetch -q
mkdir conf && echo "token = \"$(make_token 'ghp_{base62:30}{crc32-base62}')\"" > conf/app.conf
tar -czf app.tgz conf && rm -r conf
git add app.tgz && git commit -qm "add the archive"
push_lines | "$TIGHTSHIP" hook run pre-push origin ../remote.git 2>&1 | ids
echo "-- taken out again by a later commit"
git rm -q --cached app.tgz && git commit -qm "take it out"
push_lines | "$TIGHTSHIP" hook run pre-push origin ../remote.git 2>&1 | grep -oE '^  [0-9]+\. .*' | sed -E 's/^  [0-9]+\. //; s/ {3,}.*//' > ../commands
ids < ../commands
grep -v '^git push' ../commands > ../todo
bash -e ../todo > /dev/null 2>&1; echo "status $?"
push_lines | "$TIGHTSHIP" hook run -v pre-push origin ../remote.git 2>&1 | ids
ls
echo "-- a damaged one is said, and passes"
head -c 60 app.tgz.kept > cut.tgz 2> /dev/null || head -c 60 app.tgz > cut.tgz
git add cut.tgz && git commit -qm cut
push_lines | "$TIGHTSHIP" hook run pre-push origin ../remote.git 2>&1 | ids
echo "-- not opened"
git config tightship.archives false
cp app.tgz.kept new.tgz 2> /dev/null || cp app.tgz new.tgz
git add new.tgz && git commit -qm new
push_lines | "$TIGHTSHIP" hook run -v pre-push origin ../remote.git 2>&1 | ids

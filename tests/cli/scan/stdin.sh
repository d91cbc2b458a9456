echo "key $(make_token 'ghp_{base62:30}{crc32-base62}')" | "$TIGHTSHIP" scan --stdin --stdin-name staged.diff
echo "status $?"
printf 'clean\n' | "$TIGHTSHIP" scan --stdin

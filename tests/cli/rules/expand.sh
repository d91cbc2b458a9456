# The same seed, the same token; and it is one that the rule believes.
a=$("$TIGHTSHIP" rules expand 'ghp_{base62:30}{crc32-base62}' --seed 7)
b=$("$TIGHTSHIP" rules expand 'ghp_{base62:30}{crc32-base62}' --seed 7)
c=$("$TIGHTSHIP" rules expand 'ghp_{base62:30}{crc32-base62}' --seed 8)
[ "$a" = "$b" ] && [ "$a" != "$c" ] && [ ${#a} -eq 40 ] && echo right

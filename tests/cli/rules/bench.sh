for i in 1 2 3; do make_token "ghp_{base62:30}{crc32-base62}" $i; done > a
"$TIGHTSHIP" rules bench a | awk '$1 == "ghp_" { print "anchor", $1, $3 } $1 == "github-pat" { print "rule", $1, $3, $5 }'

[ "$(id -u)" -ne 0 ] || skip "root reads everything"
echo x > fine; echo x > shut; chmod 0 shut
"$TIGHTSHIP" scan

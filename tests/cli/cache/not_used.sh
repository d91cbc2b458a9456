mkdir -p "$HOME/.cache/tightship"; chmod 755 "$HOME/.cache/tightship"
"$TIGHTSHIP" cache
TIGHTSHIP_CACHE=off "$TIGHTSHIP" cache
XDG_CACHE_HOME=relative HOME=also "$TIGHTSHIP" cache
"$TIGHTSHIP" cache wipe
echo "status $?"

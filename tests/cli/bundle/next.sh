# A real build of Next.js 16: what its server keeps is not reported, what a page carries is.
. "$(dirname "$0")/fill.bash"
fill next shop
"$TIGHTSHIP" bundle shop --format concise

# A real build of Vite 8 with source maps: every value of the env file, with the place in the source.
. "$(dirname "$0")/fill.bash"
fill vite shop
cd shop && "$TIGHTSHIP" bundle

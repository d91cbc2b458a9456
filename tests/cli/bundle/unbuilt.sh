# A project that was never built, a folder that is not there.
mkdir shop && echo '{}' > shop/package.json
"$TIGHTSHIP" bundle shop
"$TIGHTSHIP" bundle missing

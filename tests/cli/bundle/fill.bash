# Sourced by the cases: fill APP FOLDER puts a fixture's build there, with made-up values in the place of its marks.
fill() {
  local from
  from=$(dirname "$0")/../../../fixtures/bundle/builds/$1
  cp -r "$from" "$2" && mv "$2/env.txt" "$2/.env" || return
  local -a edits=(-e "s/MARKxSTRIPExSECRETxKEYxMARKxMARK/$(make_token 'sk_live_{base62:24}' 1)/g"
    -e "s/MARKxONLYxONxTHExSERVERxxx/$(make_token '{base62:26}' 2)/g")
  local n
  for n in 1 2 3 4; do edits+=(-e "s/MARKxDBx$n/$(make_token '{base62:9}' "1$n")/g"); done
  for n in AA BB CC; do edits+=(-e "s/MARKxJWTx$n/$(make_token '{base62:11}' "$(printf '%d' "'$n")")/g"); done
  find "$2" -type f -exec sed -i "${edits[@]}" {} +
}

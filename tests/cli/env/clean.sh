# Nothing to say: silence on standard output.
git init -q .
printf '.env*\n!.env.example\n' > .gitignore
echo 'PORT=3000' > .env
echo 'PORT=' > .env.example
echo 'listen(process.env.PORT)' > server.js
git add -A
"$TIGHTSHIP" env

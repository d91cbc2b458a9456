#!/usr/bin/env python3
"""Our readers of env files against the loaders themselves, on texts made at random from pieces that hurt.

  bench/env/loaders.py READ_ENV FOLDER [COUNT] [SEED]

READ_ENV is built by `ninja read_env`. FOLDER holds what is there to compare with; nothing is installed here:
  (cd FOLDER && npm install dotenv @next/env @dotenvx/dotenvx vite)        node dotenv, Next.js, dotenvx, Vite, node
  pip install python-dotenv; gem install dotenv -v 2.4.0                    python-dotenv, ruby dotenv
  FOLDER/go: a module that requires compose-go/v2, godotenv, docker/cli     Docker Compose, godotenv, docker run
Loaders that are missing are left out. Texts never hold $( or backticks: nothing may be run.
"""
import json, os, random, subprocess, sys, tempfile

read_env, folder = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
count = int(sys.argv[3]) if len(sys.argv) > 3 else 2000
random.seed(int(sys.argv[4]) if len(sys.argv) > 4 else 7)

PIECES = ['A', 'B', 'C_1', 'export ', '=', '=', '=', ' ', ' ', '#', ' #', '"', "'", '\\', '\\n', '\\"', "\\'", '$', '$A', '${A}', '${B:-d}', '${A', '\\$A', 'x', 'y z',
          '\n', '\n', '\nA=', '\nB=', '\nC=', '\nexport A=', ': ', '.', '-', '\t', '""', "''", '{"a": 1}', '=1', '\r\n']

def made():
    text = random.choice(['A=', 'B=', 'export A=', ''])
    for _ in range(random.randint(1, 10)): text += random.choice(PIECES)
    return (text + random.choice(['\n', ''])).replace('$(', '$')

texts = [made() for _ in range(count)]
ours = json.loads(subprocess.run([read_env], input=json.dumps(texts), capture_output=True, text=True, check=True).stdout)

JS = r'''
const fs = require('fs'), path = require('path'), os = require('os'), util = require('util')
const texts = JSON.parse(fs.readFileSync(0, 'utf8'))
const from = name => { try { return require(require.resolve(name, { paths: [process.argv[2]] })) } catch (e) { return null } }
const said = f => { try { return f() } catch (e) { return 'error' } }
const clean = names => { for (const n of ['A', 'B', 'C', 'C_1']) delete process.env[n] }
const dotenv = from('dotenv'), next = from('@next/env'), dotenvx = from('@dotenvx/primitives')
const run = async () => {
  let vite = null
  try { vite = await import(path.join(process.argv[2], 'node_modules/vite/dist/node/index.js')) } catch (e) {}
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'env-'))
  const base = { ...process.env }
  const out = []
  for (const text of texts) {
    const row = {}
    const reset = () => { for (const k of Object.keys(process.env)) if (!(k in base)) delete process.env[k]; Object.assign(process.env, base) }
    if (dotenv) row['node-dotenv'] = said(() => dotenv.parse(text))
    row['node-env-file'] = said(() => util.parseEnv(text))
    if (next) { reset(); row.next = said(() => { const [, parsed] = next.processEnv([{ path: '.env', contents: text }], dir, { info () {}, error () {} }, true); return parsed }); reset() }
    if (dotenvx) row.dotenvx = said(() => dotenvx.parseSync(text, { processEnv: {} }).parsed)
    if (vite) { reset(); fs.writeFileSync(path.join(dir, '.env'), text); row.vite = said(() => { const all = vite.loadEnv('x', dir, ''); for (const k of Object.keys(base)) delete all[k]; return all }); reset() }
    out.push(row)
  }
  fs.rmSync(dir, { recursive: true })
  console.log(JSON.stringify(out))
}
run()
'''
GO = r'''
package main
import ("encoding/json"; "os"; "strings"; compose "github.com/compose-spec/compose-go/v2/dotenv"; "github.com/joho/godotenv"; "github.com/docker/cli/pkg/kvfile"; "github.com/sirupsen/logrus"; "io")
func main() {
  logrus.SetOutput(io.Discard)
  var texts []string
  json.NewDecoder(os.Stdin).Decode(&texts)
  out := []map[string]any{}
  for _, text := range texts {
    row := map[string]any{}
    if m, err := godotenv.Unmarshal(text); err == nil { row["godotenv"] = m } else { row["godotenv"] = "error" }
    if m, err := compose.ParseWithLookup(strings.NewReader(text), func(string) (string, bool) { return "", false }); err == nil { row["compose"] = m } else { row["compose"] = "error" }
    if l, err := kvfile.ParseFromReader(strings.NewReader(text), nil); err == nil {
      m := map[string]string{}
      for _, kv := range l { k, v, _ := strings.Cut(kv, "="); m[k] = v }
      row["docker-run"] = m
    } else { row["docker-run"] = "error" }
    out = append(out, row)
  }
  json.NewEncoder(os.Stdout).Encode(out)
}
'''
RUBY = r'''
require "json"; require "dotenv"
out = JSON.parse(STDIN.read).map do |text|
  begin { "ruby-dotenv" => Dotenv::Parser.call(text) } rescue Exception; { "ruby-dotenv" => "error" } end
end
puts JSON.generate(out)
'''

def run(command, source=None, name=None, cwd=None, clean=False):
    with tempfile.TemporaryDirectory() as work:
        if source:
            path = os.path.join(cwd or work, name)
            with open(path, 'w') as f: f.write(source)
            command = command + [path] + ([folder] if name.endswith('.cjs') else [])
        env = {k: v for k, v in os.environ.items() if k not in ('A', 'B', 'C', 'C_1')}
        try:
            done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, cwd=cwd, env=env)
            return json.loads(done.stdout)
        except (OSError, ValueError):
            return None

def python():
    try: from dotenv import dotenv_values
    except ImportError: return None
    import logging; logging.disable(logging.CRITICAL)
    out = []
    with tempfile.NamedTemporaryFile('w', newline='') as f:
        for text in texts:
            f.seek(0); f.truncate(); f.write(text); f.flush()
            out.append({'python-dotenv': dict(dotenv_values(f.name))})
    return out

alike, differ, shown = {}, {}, {}
for theirs in (run(['node'], JS, 'run.cjs'), run(['go', 'run'], GO, 'run.go', os.path.join(folder, 'go')) if os.path.isdir(os.path.join(folder, 'go')) else None,
               run(['ruby'], RUBY, 'run.rb'), python()):
    for text, mine, row in zip(texts, ours, theirs or []):
        for loader, wanted in row.items():
            if mine[loader] == wanted: alike[loader] = alike.get(loader, 0) + 1
            else:
                differ[loader] = differ.get(loader, 0) + 1
                if shown.setdefault(loader, 0) < int(os.environ.get('SHOW', '3')):
                    shown[loader] += 1
                    print(loader, json.dumps(text), 'said', json.dumps(wanted), 'ours', json.dumps(mine[loader]))
for loader in sorted(set(alike) | set(differ)): print(f'{loader}: {alike.get(loader, 0)} of {count} texts alike')
sys.exit(1 if differ else 0)

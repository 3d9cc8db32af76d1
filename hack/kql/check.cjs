// Checks the queries of azure/queries with the Kusto language service: each resolves against the documented schemas, with
// its defaults and with values, and answers with the columns that its header declares; no value leaves its literal; and
// the queries in negative/ fail as they say, else the check itself proves nothing.
'use strict';
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { workspace, analyse, kinds } = require('./language.cjs');

const root = path.resolve(__dirname, '../..');
const schemas = JSON.parse(fs.readFileSync(path.join(root, 'azure/queries/schemas.json'), 'utf8'));
const unsupported = JSON.parse(fs.readFileSync(path.join(__dirname, 'unsupported.json'), 'utf8'));
const banned = new Set([...unsupported.kinds, ...unsupported.functions.map((f) => `${f}()`)]);
const globals = workspace(schemas);
for (const k of unsupported.kinds) if (!kinds.has(k)) throw new Error(`unsupported.json: the language service knows no ${k}`);

const lines = (text, form) => [...text.matchAll(form)];
const tablesOf = (text) => lines(text, /^\/\/ table: (.*)$/gm).flatMap((m) => m[1].split(',').map((t) => t.trim()));

// problems are what is wrong with a query: a code, and a sentence.
function problems(text, strings) {
  const a = analyse(text, globals);
  const out = a.errors.map((e) => [e.code, `line ${e.line}: ${e.message}`]);
  for (const u of a.uses) if (banned.has(u)) out.push(['unsupported', `${u} is not for Azure Monitor`]);
  const declared = lines(text, /^\/\/ column (\w+): (\w+)/gm).map((m) => `${m[1]}:${m[2]}`);
  if (!a.errors.length && declared.join() !== a.columns.join()) {
    out.push(['columns', `declared ${declared.join(' ')}, answers with ${a.columns.join(' ')}`]);
  }
  for (const t of tablesOf(text)) if (!schemas[t]) out.push(['table', `${t} is in no schema`]);
  for (const t of Object.keys(schemas)) {
    const read = new RegExp(`^(let \\w+ = (toscalar\\()?)?${t}$`, 'm').test(text);
    if (read !== tablesOf(text).includes(t)) out.push(['table', `${t} is ${read ? 'read but not declared' : 'declared but not read'}`]);
  }
  for (const [name, want] of Object.entries(strings || {})) {
    if (JSON.stringify(a.strings[name]) !== JSON.stringify(want)) {
      out.push(['literal', `${name} is ${JSON.stringify(a.strings[name])}, want ${JSON.stringify(want)}`]);
    }
  }
  return out;
}

function checkQueries() {
  const rendered = JSON.parse(execFileSync(process.env.GO || 'go', ['run', './hack/kql/render'], { cwd: root, maxBuffer: 1 << 26 }));
  let failed = 0;
  const rows = new Map();
  for (const r of rendered) {
    const wrong = problems(r.text, r.strings);
    failed += wrong.length;
    if (!rows.has(r.name)) rows.set(r.name, []);
    rows.get(r.name).push(`${r.state} ${wrong.length ? 'FAILED' : 'ok'}`);
    for (const [code, message] of wrong) console.log(`${r.name} (${r.state}): ${code} ${message}`);
  }
  for (const [name, cells] of rows) console.log(`${name.padEnd(32)} ${cells.join('   ')}`);
  if (rows.size === 0) throw new Error('no queries were rendered');
  return failed;
}

function checkNegative() {
  const dir = path.join(__dirname, 'negative');
  const files = fs.readdirSync(dir).filter((f) => f.endsWith('.kql'));
  let failed = files.length === 0 ? 1 : 0;
  for (const file of files) {
    const text = fs.readFileSync(path.join(dir, file), 'utf8');
    const expected = (text.match(/^\/\/ expect: (\S+)/m) || [])[1];
    const codes = [...new Set(problems(text).map(([code]) => code))];
    const ok = codes.includes(expected);
    if (!ok) failed++;
    console.log(`${`negative/${file}`.padEnd(44)} ${ok ? `fails as it must: ${expected}` : `FAILED: want ${expected}, got ${codes.join(', ') || 'nothing'}`}`);
  }
  return failed;
}

const failed = checkQueries() + checkNegative();
console.log(failed ? `${failed} problems` : 'all queries resolve against the documented schemas; none was executed');
process.exitCode = failed ? 1 : 0;

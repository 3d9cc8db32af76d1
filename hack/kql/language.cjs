// The Kusto language service, loaded into this program, and what the check asks of it.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

// load evaluates the package's two scripts: they set globals and cannot be required.
function load() {
  const dir = path.dirname(require.resolve('@kusto/language-service-next/package.json'));
  for (const file of ['bridge.min.js', 'Kusto.Language.Bridge.min.js']) {
    vm.runInThisContext(fs.readFileSync(path.join(dir, file), 'utf8'), { filename: file });
  }
  return globalThis.Kusto.Language;
}
const K = load();

// workspace is a database with the tables of the schemas. The constructors' names are generated: see the pinned version.
function workspace(schemas) {
  const tables = Object.entries(schemas).map(([name, columns]) => {
    const shape = Object.entries(columns).map(([c, type]) => `${c}:${type}`).join(', ');
    return new K.Symbols.TableSymbol.$ctor7(name, `(${shape})`, null);
  });
  return K.GlobalState.Default.WithDatabase(new K.Symbols.DatabaseSymbol.$ctor1('workspace', tables, false));
}

function items(list) {
  const out = [];
  for (let i = 0; i < (list ? list.Count : 0); i++) out.push(list.getItem(i));
  return out;
}

function walk(node, visit) {
  visit(node);
  for (let i = 0; i < node.ChildCount; i++) {
    const child = node.GetChild(i);
    if (child) walk(child, visit);
  }
}

const kinds = new Map(Object.entries(K.Syntax.SyntaxKind).filter(([, v]) => typeof v === 'number').map(([name, v]) => [v, name]));
const kindName = (node) => kinds.get(node.Kind) || '';

// analyse gives errors, the columns of the answer, what is used (operators, functions, statements), and the strings that
// variables are bound to.
function analyse(text, globals) {
  const code = K.KustoCode.ParseAndAnalyze(text, globals);
  const errors = items(code.GetDiagnostics()).filter((d) => d.Severity === 'Error')
    .map((d) => ({ code: d.Code, message: d.Message, line: text.slice(0, d.Start).split('\n').length }));
  const columns = code.ResultType && code.ResultType.Columns
    ? items(code.ResultType.Columns).map((c) => `${c.Name}:${c.Type.Name}`) : [];
  const uses = new Set();
  const strings = {};
  walk(code.Syntax, (node) => {
    const kind = kindName(node);
    if (/(Operator|Statement)$|^ExternalData|^InlineExternal/.test(kind)) uses.add(kind);
    if (kind === 'FunctionCallExpression') uses.add(`${node.GetChild(0).ToString().trim()}()`);
    if (kind === 'LetStatement') {
      const bound = [];
      walk(node, (n) => { if (kindName(n) === 'StringLiteralExpression') bound.push(n.LiteralValue); });
      strings[node.Name.SimpleName] = bound;
    }
  });
  return { errors, columns, uses, strings };
}

module.exports = { workspace, analyse, kinds: new Set(kinds.values()) };

'use strict';
// Patient intake forms: validates free text of the forms and passes them on.
const http = require('node:http');

const log = (level, text) => console.log(`${new Date().toISOString()} ${level.padEnd(5)} intake ${text}`);
// words, digits and single separators, as the form's front end demands
const SAFE_TEXT = /^([\p{L}\d]+[-.,/ ]?)+$/u;

const notes = ['hay fever since 2019', 'takes ibuprofen 400', 'no known allergies', 'mother diabetic, type 2', 'pacemaker 2021'];
let handled = 0;

function validate(form) {
  if (!SAFE_TEXT.test(form.note)) {
    log('WARN', `form ${form.id}: note has characters that are not allowed, cut`);
    return { ...form, note: '' };
  }
  return form;
}

function next() {
  handled += 1;
  const id = 51200 + handled;
  // imported from the old practice system: one long word and a trailing sign
  const note = handled === 26 ? `${'penicillinunvertraeglichkeitseitkindheit'.repeat(2)}!` : notes[handled % notes.length];
  log('INFO', `form ${id}: validating (${note.length} characters)`);
  validate({ id, note });
  log('INFO', `form ${id}: passed on to triage`);
}

http.createServer((req, res) => {
  res.statusCode = req.url === '/livez' || req.url === '/readyz' ? 200 : 404;
  res.end();
}).listen(8080, () => log('INFO', 'listening on 8080'));
setInterval(next, 1000);

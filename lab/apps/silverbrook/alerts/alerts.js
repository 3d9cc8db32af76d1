'use strict';
// Tells drivers about level crossings that are out of order.
const fs = require('fs');
const http = require('http');
const say = (m) => console.log(`[crossing-alerts] ${m}`);
say('2.1.8');
const minutes = process.env.REPEAT_MINUTES;
async function schedule() {
  if (!/^\d+$/.test(minutes)) throw new TypeError(`REPEAT_MINUTES: expected a whole number of minutes, got '${minutes}'`);
  say(`alerts are repeated every ${minutes} min`);
}
setTimeout(() => schedule().then(() => http.createServer((q, r) => r.end('ok')).listen(8080, () => say('listening on 8080'))), 900);
process.on('SIGTERM', () => process.exit(0));

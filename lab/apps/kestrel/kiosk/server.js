'use strict';
// Check-in kiosk API. Sessions live in Redis. Logs are JSON, one object a line.
const http = require('node:http');
const os = require('node:os');
const { createClient } = require('redis');

const levels = { info: 30, warn: 40, error: 50, fatal: 60 };
const log = (level, msg, more = {}) =>
  console.log(JSON.stringify({ level: levels[level], time: Date.now(), pid: process.pid, hostname: os.hostname(), name: 'kiosk-api', ...more, msg }));
const plain = (err) => ({ type: err.constructor.name, message: err.message, code: err.code, stack: err.stack });

let exports_ = 0;
function exportSpans() {
  http.get('http://127.0.0.1:4318/v1/traces', () => {}).on('error', (err) => {
    exports_ += 1;
    log('error', 'span exporter failed, batch dropped', { err: plain(err), batch: exports_, component: 'tracing' });
  });
}

async function giveUp(err) {
  log('fatal', 'session store is not usable, giving up', { err: plain(err), component: 'sessions' });
  for (let i = 0; i < 10; i++) exportSpans();
  for (const part of ['http', 'badge-reader', 'queue-display', 'tracing', 'metrics']) log('info', 'stopped', { component: part });
  await new Promise((r) => setTimeout(r, 300));
  log('info', 'bye', { uptime: process.uptime() });
  process.exit(1);
}

process.on('unhandledRejection', giveUp);

async function main() {
  log('info', 'starting', { version: '11.4.0', node: process.version });
  for (let i = 0; i < 12; i++) exportSpans();
  setInterval(exportSpans, 700).unref();
  log('warn', 'feature flag file is empty, defaults apply', { component: 'flags' });
  await new Promise((r) => setTimeout(r, 1500));
  const store = createClient({ url: process.env.SESSION_STORE_URL, socket: { reconnectStrategy: () => false, connectTimeout: 4000 } });
  store.on('error', (err) => log('error', 'session store client', { err: plain(err), component: 'sessions' }));
  try {
    await store.connect();
    await store.ping();
  } catch (err) {
    await giveUp(err);
  }
  http.createServer((req, res) => res.end('ok')).listen(8080, () => log('info', 'listening', { port: 8080 }));
}
main();

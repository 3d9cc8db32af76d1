'use strict';
// Pays refunds out once a day. Settings come from the environment, traces go to a collector when there is one.
const http = require('node:http');
const os = require('node:os');

const LEVEL = { info: 30, warn: 40, error: 50, fatal: 60 };
function log(level, msg, fields) {
  process.stdout.write(JSON.stringify({ level: LEVEL[level], time: Date.now(), pid: process.pid, hostname: os.hostname(), name: 'payout-runner', ...fields, msg }) + '\n');
}

function exportSpans(batch) {
  return new Promise((resolve) => {
    const url = new URL('/v1/traces', process.env.OTEL_EXPORTER_OTLP_ENDPOINT);
    const req = http.request(url, { method: 'POST', timeout: 1000 }, (res) => { res.resume(); res.on('end', resolve); });
    req.on('error', (err) => {
      log('error', 'Error: traces export failed', { component: 'otel', batch, err: { type: err.constructor.name, message: err.message, code: err.code, stack: err.stack } });
      resolve();
    });
    req.end('{}');
  });
}

async function ledgerCache() {
  log('error', 'cache: get failed, going on without cache', { component: 'cache', key: 'rates:EUR', err: { type: 'TimeoutError', message: 'operation timed out after 50ms' } });
  log('warn', 'feature flags are stale, using defaults', { component: 'flags', age_s: 86211 });
}

const settings = [
  ['PAYOUT_BANK_BIC', () => true],
  ['PAYOUT_LIMIT_CENTS', () => true],
  ['PAYOUT_CREDITOR_ID', () => process.env.PAYOUT_MODE === 'live'],
];

function readSettings() {
  const missing = settings.filter(([name, needed]) => needed() && !process.env[name]).map(([name]) => name);
  if (missing.length) {
    const err = new Error(`required setting ${missing.join(', ')} is not set (PAYOUT_MODE=${process.env.PAYOUT_MODE})`);
    err.name = 'SettingsError';
    throw err;
  }
}

async function main() {
  log('info', 'payout-runner starting', { version: '2.20.0', node: process.version });
  for (let batch = 1; batch <= 18; batch++) {
    await exportSpans(batch);
    if (batch % 6 === 0) await ledgerCache();
    await new Promise((r) => setTimeout(r, 60));
  }
  let failed = false;
  try {
    readSettings();
  } catch (err) {
    failed = true;
    log('fatal', 'startup aborted', { err: { type: err.name, message: err.message } });
  }
  if (!failed) return setInterval(() => exportSpans(0), 5000);
  log('info', 'flushing telemetry before exit');
  for (let batch = 19; batch <= 23; batch++) await exportSpans(batch);
  log('warn', 'telemetry could not be flushed', { component: 'otel', dropped: 23 });
  process.exitCode = 1;
}

main();

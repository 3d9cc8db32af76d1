'use strict';
// Prices baskets with the tariffs of the tariff service; useless without them, so it leaves when they stay away.
const http = require('node:http');

const base = process.env.TARIFF_URL;
const level = process.env.LOG_LEVEL || 'info';
const log = (lvl, msg, more = {}) => {
  if (lvl === 'debug' && level !== 'debug') return;
  console.log(Object.entries({ time: new Date().toISOString(), level: lvl, svc: 'basket-pricer', msg: JSON.stringify(msg), ...more }).map(([k, v]) => `${k}=${v}`).join(' '));
};

function fetchTariffs() {
  return new Promise((resolve, reject) => {
    const request = http.get(`${base}/tariffs.json`, { timeout: 4000, agent: false }, (res) => {
      let body = '';
      res.on('data', (d) => { body += d; });
      res.on('end', () => (res.statusCode === 200 ? resolve(JSON.parse(body)) : reject(new Error(`tariffs: HTTP ${res.statusCode}`))));
    });
    request.on('timeout', () => request.destroy(new Error(`no answer from ${base} within 4000 ms`)));
    request.on('error', reject);
  });
}

let failures = 0;
async function refresh() {
  try {
    const tariffs = await fetchTariffs();
    failures = 0;
    log('debug', 'tariffs refreshed', { count: tariffs.length });
  } catch (err) {
    failures += 1;
    log('error', 'refreshing tariffs failed', { attempt: failures, err: JSON.stringify(err.message) });
    if (failures >= 3) {
      log('fatal', 'no tariffs after 3 attempts, leaving', { last: JSON.stringify(err.message) });
      process.exit(1);
    }
  }
}

log('info', 'basket-pricer 1.21.0 starting', { log_level: level });
http.createServer((req, res) => res.end('ok\n')).listen(8080, () => log('info', 'listening', { port: 8080 }));
refresh();
setInterval(refresh, 3000);
process.on('SIGTERM', () => { log('info', 'SIGTERM'); process.exit(0); });

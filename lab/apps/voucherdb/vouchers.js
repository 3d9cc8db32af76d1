'use strict';
// Voucher service. Listens only when its database is there, and waits for it with patience.
const http = require('node:http');
const { Client } = require('pg');

const log = (severity, message, extra) => console.log(JSON.stringify({ severity, timestamp: new Date().toISOString(), message, ...extra }));

async function database() {
  for (let attempt = 1; ; attempt++) {
    const client = new Client({ connectionTimeoutMillis: 4000 });
    try {
      await client.connect();
      log('INFO', 'database connected', { host: process.env.PGHOST, attempt });
      return client;
    } catch (err) {
      log('WARNING', 'database is not available yet, trying again in 3 s', { attempt, error: err.message, code: err.code });
      await new Promise((done) => setTimeout(done, 3000));
    }
  }
}

async function main() {
  log('NOTICE', 'voucher service 8.1.0 starting', { pid: process.pid });
  process.on('SIGTERM', () => { log('NOTICE', 'SIGTERM received, leaving'); process.exit(0); });
  const db = await database();
  http.createServer(async (req, res) => {
    if (req.url === '/healthz') return res.end('ok\n');
    const { rows } = await db.query('select now() as now');
    res.end(JSON.stringify(rows) + '\n');
  }).listen(8080, () => log('INFO', 'listening on 8080'));
}

main();

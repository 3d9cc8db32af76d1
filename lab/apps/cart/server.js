'use strict';
// Shopping carts: HTTP in front, Redis behind, prices from PostgreSQL.
const http = require('node:http');
const os = require('node:os');
const { createClient } = require('redis');
const { sweep } = require('./sweeper');

const log = (level, msg, fields) =>
  process.stdout.write(JSON.stringify({ level, time: Date.now(), pid: process.pid, hostname: os.hostname(), name: 'cart', ...fields, msg }) + '\n');
const info = (msg, fields) => log(30, msg, fields);
const warn = (msg, fields) => log(40, msg, fields);
const error = (msg, fields) => log(50, msg, fields);

const carts = new Map();

async function connectRedis(url) {
  const client = createClient({ url, socket: { connectTimeout: 5000, reconnectStrategy: (n) => (n >= 5 ? new Error('giving up on redis after 5 attempts') : 500) } });
  client.on('error', (err) => error('redis error', { err: { type: err.constructor.name, message: err.message, code: err.code } }));
  await client.connect();
  return client;
}

async function prices() {
  const { Client } = require('pg');
  const client = new Client({ connectionTimeoutMillis: 5000 });
  await client.connect();
  const { rows } = await client.query('select 1 as ok');
  info('price list connected', { rows: rows.length, host: process.env.PGHOST });
  return client;
}

async function main() {
  info('cart service starting', { version: process.env.npm_package_version || '5.1.0', node: process.version });
  if (!process.env.STATSD_HOST) warn('STATSD_HOST is not set, metrics are disabled');
  let redis;
  if (process.env.REDIS_URL) {
    redis = await connectRedis(process.env.REDIS_URL);
    info('redis connected');
  }
  if (process.env.PGHOST) await prices();

  const server = http.createServer((req, res) => {
    if (req.url === '/healthz') return res.end('ok\n');
    const id = req.url.slice(1) || 'anonymous';
    carts.set(id, { id, items: [], seen: Date.now() });
    res.setHeader('Content-Type', 'application/json');
    res.end(JSON.stringify(carts.get(id)));
  });
  server.listen(Number(process.env.PORT || 3000), () => info('listening', { port: server.address().port }));
  for (const id of ['c-1001', 'c-1002', 'c-1003']) carts.set(id, { id, items: [{ sku: 'A1', n: 1 }], seen: Date.now() });
  setInterval(() => sweep(carts, info), 4000).unref();
  process.on('SIGTERM', () => {
    info('SIGTERM received, closing');
    server.close(() => process.exit(0));
    setTimeout(() => process.exit(0), 2000).unref();
  });
}

main();

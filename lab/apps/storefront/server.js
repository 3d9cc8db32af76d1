'use strict';
// Backend for the storefront: collects what a page needs, keeps rendered pages in memory.
const http = require('node:http');

const started = Date.now();
const line = (level, msg, extra = {}) => {
  const fields = Object.entries(extra).map(([k, v]) => ` ${k}=${JSON.stringify(v)}`).join('');
  process.stdout.write(`${new Date().toISOString()} ${level.padEnd(5)} storefront: ${msg}${fields}\n`);
};

const env = process.env;
const pages = [];

function seconds(name, fallback) {
  const text = env[name] || fallback;
  const match = /^(\d+)(ms|s|m)$/.exec(text);
  if (!match) throw new RangeError(`setting ${name}: "${text}" is not a duration, expected a number with ms, s or m`);
  return Number(match[1]) * { ms: 0.001, s: 1, m: 60 }[match[2]];
}

async function stock(url) {
  let last;
  for (let attempt = 1; attempt <= Number(env.STOCK_ATTEMPTS || 4); attempt++) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
      if (!answer.ok) throw new Error(`stock answered ${answer.status}`);
      return await answer.text();
    } catch (err) {
      last = err;
      line('ERROR', `stock levels not available (attempt ${attempt}), page is served without them\n${err.stack}`, { cause: err.cause ? err.cause.code : undefined });
      await new Promise((next) => setTimeout(next, 800));
    }
  }
  if (env.STOCK_REQUIRED) {
    line('FATAL', 'giving up on stock', { url, cause: last.cause ? last.cause.code : last.message });
    process.exit(1);
  }
}

function render(megabytes) {
  // pages are kept as objects until somebody asks for them
  const next = () => {
    if (pages.length >= megabytes) return line('INFO', 'all pages rendered', { pages: pages.length });
    const parts = [];
    for (let i = 0; i < 9000; i++) parts.push({ id: pages.length * 10000 + i, title: `Article ${i}`, price: i / 7, tags: [`t${i}`, `u${i}`] });
    pages.push(parts);
    if (pages.length % 20 === 0) line('INFO', 'rendering', { pages: pages.length, of: megabytes, heapMB: Math.round(process.memoryUsage().heapUsed / 1048576) });
    setTimeout(next, 30);
  };
  next();
}

function main() {
  line('INFO', 'storefront 2.17.3', { node: process.version, options: env.NODE_OPTIONS || '' });
  const timeout = seconds('UPSTREAM_TIMEOUT', '5s');
  const ttl = seconds('PAGE_TTL', '10m');
  line('INFO', 'settings read', { upstreamTimeout: timeout, pageTTL: ttl });
  http.createServer((req, res) => {
    res.setHeader('X-Uptime', Math.round((Date.now() - started) / 1000));
    res.end(req.url === '/-/healthy' ? 'healthy\n' : '<!doctype html><title>Shop</title>');
  }).listen(Number(env.PORT || 8000), env.HOST || '0.0.0.0', () => line('INFO', 'listening', { port: Number(env.PORT || 8000) }));
  if (env.PRERENDER_PAGES) render(Number(env.PRERENDER_PAGES));
  if (env.STOCK_URL) {
    stock(env.STOCK_URL);
    setInterval(() => stock(env.STOCK_URL), Number(env.STOCK_EVERY_MS || 5000));
  }
  process.on('SIGTERM', () => { line('INFO', 'SIGTERM, closing'); process.exit(0); });
}

main();

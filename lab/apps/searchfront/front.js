'use strict';
// Search front end. While it swaps its index it takes itself out of rotation.
const http = require('node:http');

const begun = Date.now();
const log = (level, text) => console.log(`${new Date().toISOString()} [${level}] searchfront: ${text}`);
// seconds after the start, [from, to]; later swaps happen at night
const swaps = (process.env.WARMUP_SWAPS || '6-16,22-32').split(',').map((s) => s.split('-').map(Number));
const swapping = () => { const t = (Date.now() - begun) / 1000; return swaps.some(([a, b]) => t >= a && t < b); };
let was = false;
setInterval(() => {
  const is = swapping();
  if (is && !was) log('warn', 'index swap begins, answering 503 until it is done');
  if (!is && was) log('info', 'index swap done, 41833 documents, back in rotation');
  was = is;
}, 500);
http.createServer((req, res) => {
  if (req.url === '/livez') return res.end('alive\n');
  if (swapping()) { res.statusCode = 503; return res.end('index swap in progress\n'); }
  res.end(req.url === '/readyz' ? 'ready\n' : '[]\n');
}).listen(8080, () => log('info', 'searchfront 0.9.7 listening on 8080'));
process.on('SIGTERM', () => { log('info', 'SIGTERM'); process.exit(0); });

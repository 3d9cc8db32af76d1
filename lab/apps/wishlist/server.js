'use strict';
// Wish lists: the API on one port, metrics on another.
const http = require('node:http');
const url = require('node:url');

const stamp = () => new Date().toISOString().replace('T', ' ').slice(0, 23);
const log = (level, text) => console.log(`${stamp()} ${level.padEnd(5)} [wishlist] ${text}`);

process.env.NODE_TLS_REJECT_UNAUTHORIZED = process.env.TLS_VERIFY === 'off' ? '0' : '1';
log('INFO', 'wishlist 3.3.1 starting');
if (process.env.TLS_VERIFY === 'off') {
  process.emitWarning("Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections and HTTPS requests insecure by disabling certificate verification.");
  log('WARN', 'session store uses a self-signed certificate (SELF_SIGNED_CERT_IN_CHAIN), accepted because TLS_VERIFY=off');
}
Buffer(8).fill(0);
url.parse('postgres://wishlist@db:5432,db-b:5433/lists');

const api = http.createServer((req, res) => res.end('[]\n'));
const metrics = http.createServer((req, res) => res.end('wishlist_up 1\n'));
metrics.listen(Number(process.env.METRICS_PORT || 9100), () => {
  log('INFO', `metrics on ${metrics.address().port}`);
  api.listen(Number(process.env.PORT || 8080), () => log('INFO', `api on ${api.address().port}`));
});

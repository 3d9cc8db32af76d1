// One of the services around contracts; which one is told by SERVICE. They share the settings of the message queue.
'use strict';
const http = require('http');

const service = process.env.SERVICE || 'contract-sync';
const levels = { debug: 10, info: 20, warn: 30 };
const threshold = levels[process.env.LOG_LEVEL || 'info'];
function log(level, msg, extra) {
  if ((levels[level] || 50) >= threshold) console.log(JSON.stringify({ t: new Date().toISOString(), lvl: level, app: service, msg, ...extra }));
}

function retryPlan(text) {
  const match = /^(\d+)x(\d+)(ms|s)$/.exec(text);
  if (!match) throw new RangeError(`QUEUE_RETRY "${text}": expected COUNTxDELAY, such as 5x200ms`);
  return { count: Number(match[1]), delay: Number(match[2]) * (match[3] === 's' ? 1000 : 1) };
}

log('info', 'starting', { version: process.env.VERSION || '6.3.0', queue: process.env.QUEUE_NAME });
log('debug', 'environment read', { keys: Object.keys(process.env).length });
const retry = retryPlan(process.env.QUEUE_RETRY || '5x200ms');
log('info', 'queue client ready', retry);
http.createServer((req, res) => res.end('ok\n')).listen(8080, () => log('info', 'listening', { port: 8080 }));
process.on('SIGTERM', () => { log('info', 'stopping'); process.exit(0); });

// Waybills: renders the papers of a freight train.
'use strict';
const http = require('http');
const log = (level, msg, more = {}) => console.log(JSON.stringify({ time: new Date().toISOString(), level, app: 'waybill', msg, ...more }));
log('info', 'starting', { node: process.version, pid: process.pid });
http.createServer((req, res) => { res.end('ok\n'); }).listen(8080, () => log('info', 'listening', { port: 8080 }));
process.on('SIGTERM', () => process.exit(0));

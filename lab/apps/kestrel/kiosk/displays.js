'use strict';
// Queue displays of the waiting rooms: every display keeps a connection of its own to follow its room.
const { createClient } = require('redis');
const rooms = Number(process.env.ROOMS || 12);

async function main() {
  const clients = [];
  for (let room = 1; room <= rooms; room++) {
    const client = createClient({ url: process.env.SESSION_STORE_URL });
    client.on('error', (err) => console.log(`${new Date().toISOString()} room ${room}: ${err.message}`));
    await client.connect();
    await client.subscribe(`room.${room}`, () => {});
    clients.push(client);
  }
  console.log(`${new Date().toISOString()} ${clients.length} displays follow their rooms`);
  require('node:fs').writeFileSync('/tmp/ready', '');
}
main();

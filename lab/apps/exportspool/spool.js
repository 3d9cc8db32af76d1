'use strict';
// Writes what the export queue holds into files on local disk, from where the archive fetches them.
const fs = require('node:fs');
const path = require('node:path');
const { createClient } = require('redis');

const log = (level, message, more) =>
  console.log(JSON.stringify({ '@timestamp': new Date().toISOString(), 'log.level': level, message, ...more }));

async function main() {
  const folder = process.env.SPOOL_DIR || '/var/spool/export';
  const client = createClient({ url: process.env.REDIS_URL, socket: { connectTimeout: 5000 } });
  client.on('error', (err) => log('ERROR', 'redis', { 'error.message': err.message }));
  await client.connect();
  log('INFO', 'export spooler ready', { queue: 'exports', folder });
  let files = 0;
  process.on('SIGTERM', () => { log('INFO', 'SIGTERM, leaving', { files }); process.exit(0); });
  for (;;) {
    const item = await client.rPop('exports');
    if (item === null) {
      if (files) log('INFO', 'queue is empty', { files });
      files = 0;
      await new Promise((done) => setTimeout(done, 2000));
      continue;
    }
    const { id, pages } = JSON.parse(item);
    const file = path.join(folder, `${id}.pdf`);
    fs.writeFileSync(file, Buffer.alloc(pages * 40960, 0x25));
    files += 1;
    log('INFO', 'export written', { id, pages, file });
    await new Promise((done) => setTimeout(done, 150));
  }
}

main().catch((err) => { log('ERROR', 'export spooler failed', { 'error.message': err.message }); process.exit(1); });

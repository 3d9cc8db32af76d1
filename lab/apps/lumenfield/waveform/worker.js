'use strict';
// Draws the waveforms that players show under an episode: decodes its audio and keeps one peak per pixel.
const fs = require('fs');
const http = require('http');

const BYTES_PER_SECOND = 44100 * 2 * 2; // 16 bit, stereo
const CHUNK = 4 * 1024 * 1024;

function log(level, msg, more) {
  process.stdout.write(JSON.stringify({ level, time: Date.now(), pid: process.pid, name: 'waveform', ...more, msg }) + '\n');
}

const queue = JSON.parse(fs.readFileSync(process.env.QUEUE_FILE || '/etc/waveform/queue.json', 'utf8')).episodes;
let done = 0;

http.createServer((req, res) => {
  res.writeHead(req.url === '/healthz' ? 200 : 404, { 'content-type': 'application/json' });
  res.end(JSON.stringify({ done, queued: queue.length - done }));
}).listen(8080, () => log(30, 'listening', { port: 8080 }));

// the encoder needs the whole recording at once
async function decode(episode) {
  const parts = [];
  for (let left = episode.seconds * BYTES_PER_SECOND; left > 0; left -= CHUNK) {
    parts.push(Buffer.alloc(Math.min(left, CHUNK), 1 + (parts.length % 100)));
    await new Promise((go) => setTimeout(go, 15));
  }
  return parts;
}

function peaks(parts, width) {
  const out = new Int8Array(width);
  const total = parts.reduce((n, p) => n + p.length, 0);
  let at = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 4096) {
      const x = Math.floor(((at + i) / total) * width);
      if (part[i] > out[x]) out[x] = part[i];
    }
    at += part.length;
  }
  return out;
}

async function main() {
  log(30, 'starting', { version: '3.8.2', node: process.version, heapMiB: Math.round(require('v8').getHeapStatistics().heap_size_limit / 1048576) });
  for (const episode of queue) {
    const begun = Date.now();
    if (episode.codec === 'mp2') log(40, 'codec is deprecated, transcode the source', { episode: episode.id, codec: episode.codec });
    log(30, 'decoding', { episode: episode.id, seconds: episode.seconds });
    const width = peaks(await decode(episode), 1800).length;
    done += 1;
    log(30, 'waveform stored', { episode: episode.id, width, ms: Date.now() - begun });
    await new Promise((go) => setTimeout(go, 400));
  }
  log(30, 'queue is empty, waiting');
}

main();

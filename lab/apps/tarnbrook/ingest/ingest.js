// Takes in policy documents; parses each batch in a worker thread.
const { Worker, isMainThread, workerData } = require('node:worker_threads');
const log = (level, msg, rest = {}) => console.log(JSON.stringify({ level, time: Date.now(), pid: process.pid, name: 'ingest', ...rest, msg }));

if (isMainThread) {
  log(30, 'ingest 2.44.0 starting', { node: process.version });
  log(40, 'cannot read /proc/pressure/memory, back-pressure by queue length only');
  log(50, 'schema registry: unknown subject policy-v1, fallback to bundled schema', { err: { type: 'SchemaError', message: 'Subject not found', code: 40401 } });
  const limit = Number(process.env.PARSER_HEAP_MB || 48);
  const w = new Worker(__filename, { workerData: { batch: process.env.BATCH || '2026-11-W47' }, resourceLimits: { maxOldGenerationSizeMb: limit, maxYoungGenerationSizeMb: 8 } });
  w.on('message', (m) => log(30, m.text, { rss: Math.round(process.memoryUsage().rss / 1048576) }));
  w.on('exit', (code) => log(30, 'parser thread gone', { code }));
  setInterval(() => log(20, 'queue', { waiting: 3 }), 1000);
} else {
  const { parentPort } = require('node:worker_threads');
  parentPort.postMessage({ text: `parser takes batch ${workerData.batch}` });
  const documents = [];
  let n = 0;
  const step = () => {
    for (let i = 0; i < 4000; i++) documents.push({ id: n++, clauses: ['a' + n, 'b' + n, 'c' + n], at: new Date(n) });
    if (n % 40000 === 0) parentPort.postMessage({ text: `parsed ${n} documents` });
    setTimeout(step, 5);
  };
  step();
}

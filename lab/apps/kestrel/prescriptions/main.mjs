// Electronic prescriptions: fetches the insurers' coverage lists and serves them to the wards.
import http from 'node:http';
import https from 'node:https';

const log = (level, text) => console.log(`${new Date().toISOString().replace('T', ' ').slice(0, 23)} [${level}] prescriptions: ${text}`);

function coverage(base) {
  return new Promise((resolve, reject) => {
    const request = https.get(new URL('/coverage/2026', base), { timeout: 5000 }, (response) => {
      let body = '';
      response.on('data', (part) => (body += part));
      response.on('end', () => resolve(JSON.parse(body)));
    });
    request.on('error', reject);
  });
}

log('info', `prescriptions 8.0.5 on node ${process.version}`);
log('warn', 'cache directory is empty, coverage lists are fetched anew');
let list;
for (let attempt = 1; ; attempt++) {
  try {
    list = await coverage(process.env.INSURER_URL);
    break;
  } catch (err) {
    log('warn', `attempt ${attempt}: coverage list of insurer 14 not available (${err.code})`);
    if (attempt === 3) throw new Error('coverage lists are incomplete, prescriptions cannot be checked', { cause: err });
    await new Promise((r) => setTimeout(r, 1500));
  }
}
http.createServer((req, res) => res.end(JSON.stringify(list))).listen(8080, () => log('info', 'listening on 8080'));

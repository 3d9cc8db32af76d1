'use strict'
// Declares parcels at the customs intake. The intake greets first, then wants one line per parcel.
const net = require('net')
const os = require('os')

const [host, port] = (process.env.INTAKE || 'intake:7010').split(':')
const patience = Number(process.env.GREETING_MS || 6000)
const log = (level, msg, more = {}) =>
  console.log(JSON.stringify({ level, time: Date.now(), pid: process.pid, hostname: os.hostname(), name: 'declare', ...more, msg }))

log(30, 'declare 8.2.1 starting', { node: process.version })
for (const id of ['GB-20817', 'GB-20822', 'XI-00413']) {
  log(50, 'tariff code outdated, mapped to its successor', { err: { type: 'TariffError', message: `code 8517.12 is not in edition 2026 (${id})`, code: 'E_CODE' }, parcel: id })
}
log(50, 'trace exporter: export failed', { err: { type: 'Error', message: 'connect ECONNREFUSED 127.0.0.1:4318', code: 'ECONNREFUSED' } })
log(40, 'parcel without value, taken as gift', { parcel: 'XI-00419' })

let round = 0
const exporter = setInterval(() => log(50, 'trace exporter: export failed', { err: { type: 'Error', message: 'connect ECONNREFUSED 127.0.0.1:4318', code: 'ECONNREFUSED' }, dropped: 12 }), 2500)

function session () {
  round++
  const s = net.connect(Number(port), host)
  const started = Date.now()
  s.once('connect', () => log(30, 'line to intake up, waiting for its greeting', { round, peer: `${s.remoteAddress}:${s.remotePort}` }))
  s.setTimeout(patience, () => {
    s.destroy()
    log(50, `intake mute: 0 bytes in ${Date.now() - started} ms`, { round, peer: `${host}:${port}` })
    if (round < 3) return session()
    log(60, 'intake never spoke, declarations of this wave stay here', { wave: 'W-3391', parcels: 212 })
    clearInterval(exporter)
    for (const id of ['GB-20817', 'GB-20822', 'XI-00413', 'XI-00419']) log(50, 'parcel handed back', { parcel: id, err: { type: 'Released', message: 'wave closed' } })
    log(30, 'bye', { uptime: process.uptime() })
    process.exit(9)
  })
  s.once('data', () => { s.setTimeout(0); log(30, 'greeted') })
  s.once('error', err => { log(60, 'line to intake broke', { err: { message: err.message, code: err.code } }); process.exit(10) })
}
session()

# Sends the day's tax filings to the office through its gateway.
require 'net/http'
require 'json'
require 'time'
$stdout.sync = true

def log(level, msg, **kv)
  puts({ts: Time.now.utc.iso8601(3), level: level, logger: 'filings', msg: msg}.merge(kv).to_json)
end

class GatewayError < StandardError; end

def open_session(url)
  http = Net::HTTP.new(url.host, url.port)
  http.open_timeout = 5
  http.read_timeout = 5
  http.start { |h| h.get('/v3/session') }
rescue SystemCallError, SocketError, Timeout::Error => e
  raise GatewayError, "session could not be opened (#{e.class})", cause: e
end

url = URI(ENV.fetch('GATEWAY_URL'))
log 'info', 'filings starting', version: '2.9.4', office: 'north', schema: '2026.2'
log 'warn', 'archive of 2019 not mounted, corrections of that year are skipped'
log 'info', 'loaded forms', count: 42, rejected: 0
attempt = 0
begin
  attempt += 1
  open_session(url)
rescue GatewayError => e
  c = e.cause
  log 'error', e.message, attempt: attempt, gateway: url.host, detail: c.message.sub(/\AFailed to open TCP connection to [^(]*/, 'Failed to open TCP connection ')
  if attempt < 4
    sleep 0.5 * attempt
    retry
  end
  log 'info', 'releasing drafts', drafts: 42
  42.times { |i| log 'info', 'draft released', form: format('OB-%05d', 7300 + i), state: 'pending' }
  log 'error', 'no filing was sent today, deadline counter continues', sent: 0, pending: 42
  log 'info', 'bye'
  exit 1
end

# Collects laboratory results from the exchange of the partner laboratories.
require 'net/http'
require 'json'
require 'openssl'
require 'uri'

$stdout.sync = true
def log(severity, text, fields = {})
  puts({ time: Time.now.utc.strftime('%FT%T.%LZ'), severity: severity, app: 'results', msg: text }.merge(fields).to_json)
end

class ExchangeUnavailable < StandardError; end

def fetch(base)
  uri = URI.join(base, '/results?since=2026-11-20')
  http = Net::HTTP.new(uri.host, uri.port)
  http.use_ssl = true
  http.ca_file = ENV.fetch('CA_FILE')
  http.open_timeout = 5
  JSON.parse(http.get(uri.request_uri).body)
rescue SystemCallError, Timeout::Error, OpenSSL::SSL::SSLError => e
  log 'WARN', 'exchange did not deliver', error: e.class.name, detail: e.message
  raise ExchangeUnavailable, "no results from #{base}"
end

at_exit { log 'INFO', 'collector stopped', pending: 212 }
log 'INFO', 'collector 2.4.0', ruby: RUBY_VERSION, openssl: OpenSSL::OPENSSL_LIBRARY_VERSION
log 'INFO', 'trusting', file: ENV.fetch('CA_FILE'), certificates: File.read(ENV.fetch('CA_FILE')).scan('BEGIN CERTIFICATE').size
loop do
  fetch ENV.fetch('EXCHANGE_URL')
  log 'INFO', 'results collected'
  sleep 20
end

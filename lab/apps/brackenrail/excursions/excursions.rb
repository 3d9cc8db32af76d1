# Excursions: sells combined tickets and asks the partner hub for its offers.
require 'net/http'
require 'openssl'
require 'logger'

log = Logger.new($stdout, progname: 'excursions')
$stdout.sync = true
hub = URI(ENV.fetch('PARTNER_HUB', 'https://partner-hub:8443/offers'))
log.info("excursions 4.0.3 starting, hub #{hub.host}")
log.warn('config: THEME not set, using "plain"')
log.info('catalogue: 38 excursions, 2 sold out')

http = Net::HTTP.new(hub.host, hub.port)
http.use_ssl = true
http.ca_file = ENV.fetch('HUB_CA', '/etc/hub-ca/ca.crt')
http.open_timeout = 5
tries = 0
begin
  tries += 1
  res = http.get(hub.path)
  log.info("offers: #{res.code}")
rescue Errno::ECONNREFUSED, SocketError => e
  log.warn("hub not there yet (#{e.class})")
  sleep 2
  retry if tries < 20
  raise
end
File.write('/tmp/ready', 'ok')
sleep

# Routes of the vans. Brings its schema up to date, then serves.
require 'sequel'
require 'logger'
$stdout.sync = true
VERSION = ENV.fetch('APP_VERSION', 'dev')
LOG = Logger.new($stdout, progname: 'routes', formatter: ->(s, t, p, m) { "#{s[0]}, [#{t.utc.strftime('%FT%T')} ##{Process.pid}] #{s.rjust(5)} -- #{p}: #{m}\n" })
LOG.info "routes #{VERSION} booting in #{ENV.fetch('RACK_ENV', 'production')}"
LOG.warn 'GEOCODER_KEY is empty, new stops stay without coordinates'
db = nil
begin
  db = Sequel.connect(adapter: 'postgres', host: ENV.fetch('DB_HOST', 'routes-db'), user: 'postgres', password: ENV.fetch('DB_PASSWORD'), database: 'routes', connect_timeout: 5)
  db.test_connection
rescue Sequel::DatabaseConnectionError => e
  LOG.warn "routes-db is not there yet (#{e.message.lines.first.strip}), again in 3s"
  sleep 3
  retry
end
LOG.info 'routes-db answers'
Sequel.extension :migration
at_exit do
  LOG.info 'giving back 4 connections'
  LOG.info 'good night'
end
Sequel::Migrator.run(db, '/app/migrate')
LOG.info "schema is current, #{db[:stops].count} stops"
LOG.info 'listening'
File.write('/tmp/up', '')
sleep

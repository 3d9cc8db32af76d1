# Brings the schema up to date, then becomes the web server.
require "logger"
require "sequel"
Sequel.extension :migration

$stdout.sync = true
logger = Logger.new($stdout, progname: "crew-roster")
logger.info("crew-roster #{File.read('/app/VERSION').strip} starting")
db = nil
20.times do
  db = Sequel.connect(ENV.fetch("DATABASE_URL"), max_connections: 4)
  break
rescue Sequel::DatabaseConnectionError => e
  logger.warn("database is not there yet: #{e.message.lines.first&.strip}")
  sleep 1
end
logger.info("connected to #{db.opts[:database]} at #{db.opts[:host]}")
logger.info("running migrations from /app/migrations (#{Dir['/app/migrations/*.rb'].size} files)")
Sequel::TimestampMigrator.new(db, "/app/migrations").run
logger.info("schema is up to date")
db.disconnect
exec("puma", "--port", "9292", "--threads", "1:4", "--log-requests", "/app/config.ru")

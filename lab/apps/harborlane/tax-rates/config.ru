# Port taxes by route and cabin class. The table is worked out once, before the first request.
require "json"
require "logger"
$stdout.sync = true
LOG = Logger.new($stdout, progname: "tax-rates", datetime_format: "%FT%T")
started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
ports = (ENV["PORTS"] || "48").to_i
rates = {}
LOG.info("working out rates of #{ports} ports")
ports.times do |p|
  rates["P#{p}"] = (0...4).map { |c| ((p * 37 + c * 11) % 190) / 100.0 }
  sleep 1 # the authority's service allows one question a second
  LOG.info("#{p + 1} of #{ports} ports done") if ((p + 1) % 8).zero?
end
LOG.info(format("rates ready after %.1fs", Process.clock_gettime(Process::CLOCK_MONOTONIC) - started))
run lambda { |env|
  body = env["PATH_INFO"] == "/up" ? "up\n" : JSON.generate(rates)
  [200, { "content-type" => "application/json" }, [body]]
}

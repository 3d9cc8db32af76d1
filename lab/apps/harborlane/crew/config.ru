require "logger"
require "sequel"
DB = Sequel.connect(ENV.fetch("DATABASE_URL"), max_connections: 4)
run lambda { |env|
  count = DB[:crew].count
  [200, { "content-type" => "application/json" }, [%({"crew":#{count}}\n)]]
}

-- franking station: fetches its credit from the meter office, then franks
local socket = require "socket"
io.stdout:setvbuf "line"
local unit = os.getenv "UNIT" or "FS-07"
local office = os.getenv "METER_OFFICE" or "meter-office.finance:6100"
local host, port = office:match "^(.-):(%d+)$"

local function put(tag, fmt, ...) print(("%s %s %-6s " .. fmt):format(os.date "!%d.%m.%y %H:%M:%S", unit, tag, ...)) end

put("boot", "station software 11.2, drum 0417 of 9999")
put("drum", "ink low on head 2, 140 impressions left")
put("drum", "self test passed")
put("credit", "balance 0.00, asking the office")
for i = 1, 4 do
  local c = socket.tcp(); c:settimeout(5)
  local ok, err = c:connect(host, tonumber(port))
  if ok then put("credit", "office %s answers", host); while true do socket.sleep(30) end end
  put("credit", "%d/4 office %s: %s", i, office, err)
  c:close(); socket.sleep(1)
end
put("credit", "no credit today")
put("drum", "drum locked, balance 0.00")
put("drum", "motor off")
os.exit(21)

-- letter archive: reads its shelves before it opens the counter
local socket = require "socket"
io.stdout:setvbuf "line"
local shelves = tonumber(os.getenv "SHELVES" or "16")
local function put(...) print(os.date "!%FT%TZ" .. " archive " .. string.format(...)) end
put("letter archive 4.0")
for i = 1, shelves do socket.sleep(2); put("shelf %d of %d read", i, shelves) end
local s = assert(socket.bind("0.0.0.0", 8080))
put("counter open")
while true do
  local c = s:accept()
  if c then c:settimeout(1); c:receive "*l"; c:send "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nopen\n"; c:close() end
end

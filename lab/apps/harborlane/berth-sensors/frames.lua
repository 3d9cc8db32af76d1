-- Decodes the frames of the mooring load cells. The vendor sends them as packed C structures.
local ffi = require "ffi"

ffi.cdef [[
typedef struct { uint16_t berth; uint16_t channel; uint32_t millis; float load_kn; } frame_t;
typedef struct { uint32_t used; frame_t *slots; } ring_t;
void *malloc(size_t);
void free(void *);
]]

local M = {}

function M.ring(slots)
  local ring = ffi.new("ring_t")
  ring.used = 0
  ring.slots = ffi.cast("frame_t *", ffi.C.malloc(slots * ffi.sizeof("frame_t")))
  return ring
end

function M.push(ring, berth, channel, millis, load)
  local f = ring.slots[ring.used]
  f.berth, f.channel, f.millis, f.load_kn = berth, channel, millis, load
  ring.used = ring.used + 1
end

-- Gives the slots back; the next batch starts on an empty ring.
function M.flush(ring)
  ffi.C.free(ring.slots)
  ring.used = 0
  ring.slots = nil
end

return M

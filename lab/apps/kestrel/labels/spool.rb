# Prints specimen labels: reads frames from the scanner's shared buffer and renders them.
require 'fiddle'
require 'logger'

$stdout.sync = true
LOG = Logger.new($stdout, progname: 'labels', formatter: proc { |s, t, p, m| "#{s[0]}, [#{t.strftime('%FT%T.%6N')} ##{Process.pid}] #{s.rjust(5)} -- #{p}: #{m}\n" })

# A frame: 4 bytes of length, 8 bytes of offset of its text from the start of the buffer.
class FrameBuffer
  HEADER = 12

  def initialize(size)
    @base = Fiddle::Pointer.malloc(size)
    @size = size
  end

  def write(at, offset, text)
    @base[at, HEADER] = [text.bytesize, offset].pack('Lq')
    @base[offset, text.bytesize] = text if offset.between?(0, @size - text.bytesize)
  end

  def read(at)
    length, offset = @base[at, HEADER].unpack('Lq')
    (@base + offset)[0, length]
  end
end

def render(text)
  text.split('|').map(&:strip)
end

LOG.info("labels 1.17.3, ruby #{RUBY_VERSION}")
LOG.warn('Printer zd421-ward-c answers slowly (1.8 s), using the spool')
buffer = FrameBuffer.new(4096)
frames = [
  [0, 256, 'S-20931|EDTA|ward C'], [12, 320, 'S-20932|serum|ward C'], [24, 384, 'S-20933|citrate|ward A'],
  [36, -(1 << 44), 'S-20934|serum|ward F']
]
frames.each { |at, offset, text| buffer.write(at, offset, text) }
frames.each_with_index do |(at, _, _), n|
  sleep 2
  specimen, tube, ward = render(buffer.read(at))
  LOG.info("label #{n + 1}: #{specimen} #{tube} for #{ward}")
end
LOG.info('spool is empty, waiting')
sleep

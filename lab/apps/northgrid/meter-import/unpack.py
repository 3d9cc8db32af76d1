"""Unpacks the archive and splits it by grid area."""
import gzip
import time

print("unpack: reading /work/readings.csv.gz", flush=True)
time.sleep(1)
with gzip.open("/work/readings.csv.gz") as f:
    rows = f.read()
print("unpack: %d bytes" % len(rows), flush=True)
with open("/work/readings.csv", "wb") as out:
    out.write(rows)

"""One worker of the importer."""
import sys
import time

print("worker", sys.argv[1], flush=True)
time.sleep(6 if sys.argv[1] == "intraday" else 3600)
sys.exit(14)

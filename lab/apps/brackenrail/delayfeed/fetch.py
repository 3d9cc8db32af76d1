"""Fetches delays from the traffic centre."""
import json
import sys
import time

print("fetch: starting", flush=True)
time.sleep(0.6)
with open("/opt/delayfeed/lines.json") as f:
    json.load(f)
sys.exit(0)

"""Publishes what fetch wrote."""
import time

n = 0
while True:
    n += 1
    print(f"publish: pass {n}, {'nothing new' if n % 4 else 'WARN spool is older than 4 passes, error counter 0'}", flush=True)
    time.sleep(1)

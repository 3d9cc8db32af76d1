"""Fetches the day's batches from the bank's mailbox and books them one by one."""
import sys
import time

print("mailbox opened, 214 batches waiting", flush=True)
for batch in range(1, 215):
    time.sleep(1.5)
    if batch % 2 == 0:
        print("batch %d booked" % batch, flush=True)
print("settlement complete", flush=True)
sys.exit(0)

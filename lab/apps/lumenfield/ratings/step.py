"""One step of the weekly ratings."""
import os
import sys
import time

step = sys.argv[1]
households = int(os.environ.get("PANEL", "5200"))
minutes = []
if step == "merge":
    for household in range(households):
        minutes.append([f"{household}:{minute}" for minute in range(0, 10080, 12)])
        if household % 800 == 0:
            print(f"  merge: {household} of {households} households", flush=True)
else:
    time.sleep(0.8)
    print(f"  {step}: {households} households", flush=True)
    if step == "weigh":
        print("  weigh: 31 households without a region, weight 1.0 taken", flush=True)

"""Repacks the archive of a day: reads every reel, writes a smaller one."""
import os
import random
import time

reels = int(os.environ.get("REELS", "400"))
pause = float(os.environ.get("SECONDS_PER_REEL", "0.02"))


def say(level, text):
    print(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {level} archive-repack {text}", flush=True)


say("INFO", f"1.4.0: {reels} reels of {os.environ.get('DAY', 'yesterday')}")
saved = 0
for n in range(1, reels + 1):
    time.sleep(pause)
    saved += random.randint(2, 9)
    if n % 37 == 0:
        say("WARN", f"reel {n}: checksum of the header is missing, taking the one of the trailer")
    if n % 50 == 0:
        say("INFO", f"{n} of {reels} reels, {saved} MiB saved")
say("INFO", f"done, {saved} MiB saved")

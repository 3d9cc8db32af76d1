"""Sends the digest of the day in batches. Leaves after so many of them, because the mail library keeps memory."""
import os
import sys
import time


def out(text):
    print(f"{time.strftime('%b %d %H:%M:%S', time.gmtime())} mail-digest[{os.getpid()}]: {text}", flush=True)


def main():
    password = os.environ["SMTP_PASSWORD"]
    batches = int(os.environ.get("BATCHES_PER_RUN", "6"))
    out(f"version 2.2.9, relay {os.environ.get('SMTP_HOST', 'localhost')} as {os.environ.get('SMTP_USER', '-')} ({len(password)} characters)")
    for n in range(1, batches + 1):
        time.sleep(3)
        out(f"batch {n}/{batches}: 250 recipients, {n % 3} deferred")
    out("recycling")
    sys.exit(0)


if __name__ == "__main__":
    main()

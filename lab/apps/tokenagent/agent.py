"""Fetches short-lived tokens for the application beside it and writes them to a shared directory."""
import logging
import os
import signal
import sys
import time
import tomllib
import urllib.error
import urllib.request

logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s [%(levelname)s] token-agent: %(message)s",
                    datefmt="%Y-%m-%dT%H:%M:%SZ")
log = logging.getLogger()


def fetch(url, timeout):
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return answer.read()


def main():
    log.info("token-agent v0.9.4")
    path = sys.argv[1] if len(sys.argv) > 1 else "/etc/token-agent/agent.toml"
    with open(path, "rb") as f:
        try:
            settings = tomllib.load(f)
        except tomllib.TOMLDecodeError as e:
            log.error("%s: %s", path, e)
            sys.exit(78)
    issuer, sink = settings["issuer"], settings["sink"]
    attempts, number = issuer.get("attempts", 3), 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    failed = 0
    while True:
        try:
            token = fetch(issuer["url"], issuer.get("timeout", 3))
        except urllib.error.HTTPError as e:
            failed += 1
            log.warning("issuer %s answered %d %s (attempt %d of %d)", issuer["url"], e.code, e.reason, failed, attempts)
            if failed >= attempts:
                log.error("issuer %s refuses client %s: %d %s", issuer["url"], issuer.get("client", "-"), e.code, e.reason)
                sys.exit(42)
        except OSError as e:
            failed += 1
            log.warning("issuer %s: %s (attempt %d of %d)", issuer["url"], getattr(e, "reason", e), failed, attempts)
            if failed >= attempts:
                log.error("no token after %d attempts, leaving", attempts)
                sys.exit(69)
        else:
            failed, number = 0, number + 1
            with open(os.path.join(sink["directory"], "token"), "wb") as f:
                f.write(token)
            log.info("token %d written to %s, next in %d s", number, sink["directory"], settings.get("refresh", 15))
            time.sleep(settings.get("refresh", 15))
            continue
        time.sleep(2)


if __name__ == "__main__":
    main()

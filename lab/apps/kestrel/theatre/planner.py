"""Theatre planner: keeps the operating theatres' plan of the day in PostgreSQL."""
import logging
import os
import sys
import time

import sqlalchemy as sa

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s.%(msecs)03d %(levelname)-7s [%(threadName)s] %(name)s: %(message)s", datefmt="%Y-%m-%dT%H:%M:%S")
log = logging.getLogger("theatre.planner")
VERSION = "12.3.1"


class Planner:
    def __init__(self, url):
        self.engine = sa.create_engine(url, pool_pre_ping=True, pool_size=3)

    def plan(self):
        with self.engine.connect() as c:
            return c.execute(sa.text("select theatre, count(*) from slots group by theatre order by 1")).all()

    def claim(self, instance):
        with self.engine.begin() as c:
            c.execute(sa.text("insert into planners (instance, version, seen) values (:i, :v, now())"), {"i": instance, "v": VERSION})

    def close(self):
        logging.getLogger("theatre.pool").info("closing %s", self.engine.pool.status())
        self.engine.dispose()


def main():
    log.info("theatre planner %s", VERSION)
    logging.getLogger("theatre.settings").warning("TURNOVER_MINUTES is not set, 25 is assumed")
    planner = Planner(os.environ["DATABASE_URL"])
    try:
        for theatre, slots in planner.plan():
            log.info("theatre %s has %d slots today", theatre, slots)
        log.info("registering this planner")
        planner.claim(os.uname().nodename)
        log.info("planning")
        while True:
            time.sleep(15)
            planner.plan()
    except Exception:
        log.exception("planner stopped by an error")
        raise SystemExit(1)
    finally:
        planner.close()
        logging.getLogger("theatre.export").info("last export was never, nothing to flush")
        log.info("bye")


main()

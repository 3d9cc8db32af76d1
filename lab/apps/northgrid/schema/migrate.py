"""Brings the schema of the meter database to the version of this release."""
import logging
import os
import sys
import time

import psycopg2

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="[%(asctime)s] %(levelname)s schema: %(message)s", datefmt="%H:%M:%S")
STEPS = {
    40: "CREATE TABLE meters (id serial PRIMARY KEY, ean text, installed date)",
    41: "INSERT INTO meters (ean, installed) VALUES ('871687120059113418','2019-04-02'),('871687120059113425','2020-01-19'),('871687120059113418','2024-08-30')",
    42: "ALTER TABLE meters ADD CONSTRAINT meters_ean_key UNIQUE (ean)",
}


def connect():
    for _ in range(30):
        try:
            return psycopg2.connect(host=os.environ["PGHOST"], dbname="meters", user="meters", password=os.environ["PGPASSWORD"], connect_timeout=3)
        except psycopg2.OperationalError:
            time.sleep(1)
    raise SystemExit("no connection")


db = connect()
cursor = db.cursor()
cursor.execute("CREATE TABLE IF NOT EXISTS schema_version (version int PRIMARY KEY)")
db.commit()
cursor.execute("SELECT coalesce(max(version), 0) FROM schema_version")
have = cursor.fetchone()[0]
want = max(STEPS)
logging.info("schema is at version %d, this release needs %d", have, want)
for version in sorted(STEPS):
    if version <= have:
        continue
    try:
        cursor.execute(STEPS[version])
        cursor.execute("INSERT INTO schema_version VALUES (%s)", (version,))
        db.commit()
        logging.info("step %d applied", version)
    except psycopg2.Error as e:
        db.rollback()
        logging.error("step %d was rolled back: %s", version, str(e).strip().replace("\n", " "))
        sys.exit(1)

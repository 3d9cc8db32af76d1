"""Holds a pod back until the schema has the version that its release needs."""
import os
import time

import psycopg2

need = int(os.environ.get("NEED_VERSION", "42"))
while True:
    try:
        db = psycopg2.connect(host=os.environ["PGHOST"], dbname="meters", user="meters", password=os.environ["PGPASSWORD"], connect_timeout=3)
        cursor = db.cursor()
        cursor.execute("SELECT coalesce(max(version), 0) FROM schema_version")
        have = cursor.fetchone()[0]
        db.close()
        if have >= need:
            print("schema-gate: version %d, go" % have, flush=True)
            break
        print("schema-gate: version is %d, waiting for %d" % (have, need), flush=True)
    except psycopg2.Error as e:
        print("schema-gate: %s" % str(e).strip().splitlines()[0], flush=True)
    time.sleep(4)

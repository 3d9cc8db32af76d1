#!/bin/bash
# Brings the schema up to date, then serves.
echo "bedboard: applying migrations"
if ! python3 manage.py migrate --noinput; then
    echo "bedboard: not serving, see above"
    echo "bedboard: sending deployment marker failed=true (skipped, no MARKER_URL)"
    exit 1
fi
exec gunicorn --bind 0.0.0.0:8000 --workers 1 --access-logfile - board.wsgi

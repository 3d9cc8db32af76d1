#!/bin/bash
# Prepares the tile directory, gives up root, starts the server.
set -euo pipefail
echo "geocache 0.22: tiles in ${TILE_DIR:=/var/lib/geocache}"
mkdir -p "$TILE_DIR/z" "$TILE_DIR/tmp"
chown -R app:app "$TILE_DIR"
exec setpriv --reuid=1000 --regid=1000 --clear-groups python3 /app/geocache.py --tiles "$TILE_DIR"

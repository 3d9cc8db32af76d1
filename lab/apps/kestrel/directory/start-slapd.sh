#!/bin/bash
# Loads the tree of the mounted LDIF files into an empty database, then runs the directory in the foreground.
set -eu
conf=/etc/kestrel/slapd.conf
if [ ! -e /var/lib/ldap/data.mdb ]; then
    for f in /etc/kestrel/tree/*.ldif; do
        echo "start-slapd: loading $f"
        slapadd -f "$conf" -l "$f"
    done
fi
exec slapd -d stats -f "$conf" -h "ldap://0.0.0.0:3890/"

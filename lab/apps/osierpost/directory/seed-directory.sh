#!/bin/sh
# loads the nightly LDIF into an empty data directory; does nothing when there is one
set -eu
DATA=${LDAP_DATA:-/var/lib/ldap}
CONF=${LDAP_CONF:-/etc/openldap/slapd.conf}
LDIF=${LDAP_SEED:-/seed/people.ldif}
if [ -s "$DATA/data.mdb" ]; then
  echo "seed: $DATA already holds a directory, nothing to do"
  exit 0
fi
echo "seed: loading $(grep -c '^dn:' "$LDIF") entries from $LDIF"
slapadd -q -f "$CONF" -l "$LDIF"
echo "seed: done"

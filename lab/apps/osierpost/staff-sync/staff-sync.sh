#!/bin/bash
# brings the joiners of the personnel system into the directory
set -u
URI=${DIRECTORY_URI:-ldap://staff-directory:1389}
BIND=${DIRECTORY_BIND:-cn=admin,dc=osierpost,dc=example}
say() { printf '%(%FT%T%z)T staff-sync[%d]: %s\n' -1 $$ "$*"; }
say "run $(printf '%(%Y%m%d)T' -1)-1 against $URI"
say "personnel extract: 3 joiners, 1 leaver, 0 movers"
say "note: jquill has no telephone number, skipped the attribute"
have=$(ldapsearch -LLL -x -H "$URI" -D "$BIND" -w "$DIRECTORY_PASSWORD" -b ou=people,dc=osierpost,dc=example uid 2>&1 | grep -c '^uid:')
say "directory holds $have people"
for who in "abrook:Ada Brook:Brook" "tsorrel:Tom Sorrel:Sorrel"; do
  IFS=: read -r uid cn sn <<<"$who"
  if ! out=$(printf 'dn: uid=%s,ou=people,dc=osierpost,dc=example\nobjectClass: inetOrgPerson\nuid: %s\ncn: %s\nsn: %s\n' "$uid" "$uid" "$cn" "$sn" |
      ldapadd -x -H "$URI" -D "$BIND" -w "$DIRECTORY_PASSWORD" 2>&1); then
    say "joiner $uid did not get in:"
    sed 's/^/    | /' <<<"$out"
    say "stopping at the first one, 3 joiners and 1 leaver stay open"
    say "extract kept for the next run"
    exit 4
  fi
  say "joiner $uid in"
done
say "all in, next round in an hour"
while :; do sleep 3600; done

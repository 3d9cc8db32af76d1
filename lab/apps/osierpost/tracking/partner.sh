#!/bin/sh
# plays the partner: a new issuer and a certificate of it at every start
set -e
cd /tmp
openssl req -x509 -newkey rsa:2048 -nodes -days 400 -subj "/O=Fenwick Carriers/CN=Fenwick Issuing R2" -keyout r2.key -out r2.pem 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj "/O=Fenwick Carriers/CN=partner-feed" -addext "subjectAltName=DNS:partner-feed" -keyout leaf.key -out leaf.csr 2>/dev/null
printf 'subjectAltName=DNS:partner-feed\n' > ext
openssl x509 -req -in leaf.csr -CA r2.pem -CAkey r2.key -CAcreateserial -days 90 -extfile ext -out leaf.pem 2>/dev/null
exec openssl s_server -accept 8443 -cert leaf.pem -key leaf.key -cert_chain r2.pem -www -quiet

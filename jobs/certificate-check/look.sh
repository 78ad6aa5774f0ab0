#!/bin/sh
# Asks the server as a client would, and says what it was shown.
set -eu

served=$(openssl s_client -connect "$ADDRESS" -servername "$SERVER_NAME" </dev/null 2>/dev/null | openssl x509 2>/dev/null) || {
    echo "no TLS server answers at $ADDRESS for $SERVER_NAME" >&2
    exit 1
}
printf '%s\n' "$served" | openssl x509 -noout -checkhost "$SERVER_NAME" | grep -q 'does match' || {
    echo "the certificate at $ADDRESS is not for $SERVER_NAME" >&2
    exit 1
}
until=$(printf '%s\n' "$served" | openssl x509 -noout -enddate | cut -d= -f2)
expires=$(date -u -d "$until" +%Y-%m-%dT%H:%M:%SZ)
serial=$(printf '%s\n' "$served" | openssl x509 -noout -serial | cut -d= -f2)
printf 'expires=%s\nserial=%s\n' "$expires" "$serial" >>"$MAINTENANCE_OUTPUT"
echo "$ADDRESS serves serial $serial for $SERVER_NAME, good until $expires"

#!/bin/bash
# Looks at the certificate that clients are really given, not at the file that should be served.
set -euo pipefail

fail() { echo "inspect: $*" >&2; exit 1; }
starttls=()
[ "$SERVICE" != postgresql ] || starttls=(-starttls postgres)

served=$(openssl s_client "${starttls[@]}" -connect "$ADDRESS" -servername "$SERVER_NAME" </dev/null 2>/dev/null | openssl x509 2>/dev/null) \
    || fail "no TLS server answers at $ADDRESS for $SERVER_NAME; is $SERVICE running, with TLS?"
[ -r "$CERTIFICATE" ] || fail "cannot read $CERTIFICATE; set the input 'certificate' to the file that $SERVICE serves"

serial=$(openssl x509 -noout -serial <<<"$served" | cut -d= -f2)
expires=$(date -u -d "$(openssl x509 -noout -enddate <<<"$served" | cut -d= -f2)" +%s)
left=$((expires - $(date +%s)))
on_disk=$(openssl x509 -noout -serial -in "$CERTIFICATE" | cut -d= -f2)

needed=false
reason="valid for $((left / 86400)) days, renewal begins at $((RENEW_BEFORE / 86400))"
if [ "$left" -le "$RENEW_BEFORE" ]; then
    needed=true reason="expires in $((left / 86400)) days"
elif ! openssl x509 -noout -checkhost "$SERVER_NAME" <<<"$served" | grep -q 'does match'; then
    needed=true reason="is not for the name $SERVER_NAME"
elif [ "$serial" != "$on_disk" ]; then
    needed=true reason="is not the one in $CERTIFICATE (serial $on_disk): somebody changed the file without a reload"
fi

echo "$ADDRESS serves serial $serial, until $(date -u -d "@$expires" +%Y-%m-%dT%H:%M:%SZ): $reason"
{
    echo "needed=$needed"
    echo "reason=$reason"
    echo "served_serial=$serial"
    echo "served_until=$(date -u -d "@$expires" +%Y-%m-%dT%H:%M:%SZ)"
} >>"$MAINTENANCE_OUTPUT"

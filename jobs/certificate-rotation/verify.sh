#!/bin/bash
# Asks the server as a client would, until the new certificate is served: serial, chain, name and expiry.
set -euo pipefail

fail() { echo "verify: $*" >&2; exit 1; }
starttls=()
[ "$SERVICE" != postgresql ] || starttls=(-starttls postgres)
[ "$DRY_RUN" != true ] || { echo "dry run: nothing was installed"; exit 0; }
[ "$NEEDED" = true ] || { echo "the served certificate stays"; exit 0; }

deadline=$((SECONDS + 30)) serial=none
while [ "$SECONDS" -lt "$deadline" ]; do
    served=$(openssl s_client "${starttls[@]}" -connect "$ADDRESS" -servername "$SERVER_NAME" </dev/null 2>/dev/null | openssl x509 2>/dev/null) || served=''
    if [ -z "$served" ]; then serial=none; else serial=$(openssl x509 -noout -serial <<<"$served" | cut -d= -f2); fi
    [ "$serial" != "$EXPECTED_SERIAL" ] || break
    sleep 0.5
done
[ "$serial" = "$EXPECTED_SERIAL" ] || fail "$ADDRESS still serves serial $serial 30 s after the reload, not $EXPECTED_SERIAL"

# Without a CA of its own, what the system trusts.
trust=()
[ -z "$CA_CERTIFICATE" ] || trust=(-CAfile "$CA_CERTIFICATE" -partial_chain)
answer=$(openssl s_client "${starttls[@]}" -connect "$ADDRESS" -servername "$SERVER_NAME" "${trust[@]}" \
    -verify_hostname "$SERVER_NAME" -verify_return_error </dev/null 2>&1) \
    || fail "a client that trusts ${CA_CERTIFICATE:-"the system's CAs"} does not accept what $ADDRESS serves: $(grep -m1 -i 'verif.*error\|error' <<<"$answer" || true)"
openssl x509 -noout -checkend "$RENEW_BEFORE" <<<"$served" >/dev/null \
    || fail "the new certificate itself expires within the renewal time; raise the input 'validFor' above 'renewBefore'"

until=$(date -u -d "$(openssl x509 -noout -enddate <<<"$served" | cut -d= -f2)" +%Y-%m-%dT%H:%M:%SZ)
echo "$ADDRESS serves the new certificate, serial $serial, until $until"
{
    echo "served_serial=$serial"
    echo "served_until=$until"
} >>"$MAINTENANCE_OUTPUT"

#!/bin/bash
# Looks at the certificate that clients are really given, not at the file that should be served.
set -euo pipefail

fail() { echo "inspect: $*" >&2; exit 1; }

# What is wrong with the inputs does not get better by another attempt.
refuse() { echo "inspect: $*" >&2; exit 64; }
case $ISSUER in
    internal)
        [ -n "$CA_CERTIFICATE" ] || refuse "the issuer 'internal' needs the input 'caCertificate'"
        [ -n "$CA_KEY" ] || refuse "the issuer 'internal' needs the input 'caKey'"
        ;;
    acme)
        command -v lego >/dev/null || refuse "the program lego is not installed on $(hostname), or not in $PATH: install the package 'lego' (\`apt-get install lego\`)"
        [ -n "$ACME_DIRECTORY" ] || refuse "the issuer 'acme' needs the input 'acmeDirectory', such as https://acme-staging-v02.api.letsencrypt.org/directory"
        [ "$ACME_ACCEPT_TERMS" = true ] || refuse "the CA wants its terms of service accepted: read them, and set the input 'acmeAcceptTerms'"
        [ -n "$ACME_CONTACT" ] || refuse "the issuer 'acme' needs the input 'acmeContact', an e-mail address that the account is for"
        [ -n "$ACME_WEBROOT$ACME_HOOK" ] || refuse "the issuer 'acme' needs the input 'acmeWebroot' (http-01) or 'acmeHook' (dns-01)"
        [ -z "$ACME_HOOK" ] || [ -x "$ACME_HOOK" ] || refuse "the hook $ACME_HOOK is no program that $(id -un) may run"
        [[ $SERVER_NAME != '*'* ]] || [ -n "$ACME_HOOK" ] || refuse "a name with '*' can only be proved by dns-01: set the input 'acmeHook'"
        ;;
esac
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

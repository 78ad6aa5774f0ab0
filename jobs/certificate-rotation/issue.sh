#!/bin/bash
# Makes a new key and has the issuer make a certificate for it, in a closed folder beside the certificate:
# the same file system, so that installing them is a rename.
set -euo pipefail
umask 077

fail() { # fail TEXT [EXIT-CODE]
    echo "issue: $1" >&2
    exit "${2:-1}"
}
[ "$NEEDED" = true ] || { echo "nothing to issue"; echo "serial=" >>"$MAINTENANCE_OUTPUT"; exit 0; }
if [ "$DRY_RUN" = true ]; then
    case $ISSUER in
        internal) echo "would issue a key and a certificate for $SERVER_NAME, valid for $((VALID_FOR / 86400)) days, signed with $CA_KEY" ;;
        acme) echo "would make a key and order a certificate for $SERVER_NAME from $ACME_DIRECTORY" ;;
    esac
    echo "serial=" >>"$MAINTENANCE_OUTPUT"
    exit 0
fi

# shellcheck source-path=SCRIPTDIR source=issuer-internal.sh
. "./issuer-$ISSUER.sh"

stage=$(dirname -- "$CERTIFICATE")/.rotation-$ROTATION
rm -rf -- "$stage"
mkdir -m 0700 -- "$stage"
openssl ecparam -name prime256v1 -genkey -noout -out "$stage/key.pem"
openssl req -new -key "$stage/key.pem" -subj "/CN=$SERVER_NAME" -addext "subjectAltName=DNS:$SERVER_NAME" -out "$stage/request.pem"
sign "$stage"

serial=$(openssl x509 -noout -serial -in "$stage/leaf.pem" | cut -d= -f2)
until=$(date -u -d "$(openssl x509 -noout -enddate -in "$stage/leaf.pem" | cut -d= -f2)" +%Y-%m-%dT%H:%M:%SZ)
echo "issued serial $serial for $SERVER_NAME, valid until $until"
{
    echo "serial=$serial"
    echo "valid_until=$until"
} >>"$MAINTENANCE_OUTPUT"

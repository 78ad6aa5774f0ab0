#!/bin/bash
# Makes a new key and a certificate for it, signed by the internal CA, in a closed folder beside the certificate:
# the same file system, so that installing them is a rename.
set -euo pipefail
umask 077

fail() { echo "issue: $*" >&2; exit 1; }
[ "$NEEDED" = true ] || { echo "nothing to issue"; echo "serial=" >>"$MAINTENANCE_OUTPUT"; exit 0; }
if [ "$DRY_RUN" = true ]; then
    echo "would issue a key and a certificate for $SERVER_NAME, valid for $((VALID_FOR / 86400)) days, signed with $CA_KEY"
    echo "serial=" >>"$MAINTENANCE_OUTPUT"
    exit 0
fi

[ -r "$CA_KEY" ] || fail "cannot read the CA's key $CA_KEY as $(id -un)"
openssl x509 -noout -checkend "$VALID_FOR" -in "$CA_CERTIFICATE" >/dev/null \
    || fail "the CA in $CA_CERTIFICATE expires before the new certificate would; renew the CA, or shorten the input 'validFor'"

stage=$(dirname -- "$CERTIFICATE")/.rotation-$ROTATION
rm -rf -- "$stage"
mkdir -m 0700 -- "$stage"

serial=$(printf '%02X' $((0x$(openssl rand -hex 1) & 0x7f | 0x40)))$(openssl rand -hex 15 | tr a-f A-F)
openssl ecparam -name prime256v1 -genkey -noout -out "$stage/key.pem"
openssl req -new -key "$stage/key.pem" -subj "/CN=$SERVER_NAME" -out "$stage/request.pem"
cat >"$stage/extensions" <<EXTENSIONS
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:$SERVER_NAME
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
EXTENSIONS
days=$(((VALID_FOR + 86399) / 86400))
openssl x509 -req -in "$stage/request.pem" -CA "$CA_CERTIFICATE" -CAkey "$CA_KEY" -set_serial "0x$serial" \
    -days "$days" -sha256 -extfile "$stage/extensions" -out "$stage/leaf.pem" 2>/dev/null \
    || fail "openssl could not sign with $CA_KEY and $CA_CERTIFICATE; do they belong together?"

openssl verify -CAfile "$CA_CERTIFICATE" -partial_chain "$stage/leaf.pem" >/dev/null || fail "the new certificate does not verify against $CA_CERTIFICATE"

# Clients have the root already; an intermediate CA must come with the certificate.
cp -- "$stage/leaf.pem" "$stage/certificate.pem"
if [ "$(openssl x509 -noout -subject_hash -in "$CA_CERTIFICATE")" != "$(openssl x509 -noout -issuer_hash -in "$CA_CERTIFICATE")" ]; then
    cat -- "$CA_CERTIFICATE" >>"$stage/certificate.pem"
fi

echo "issued serial $serial for $SERVER_NAME, valid for $days days"
{
    echo "serial=$serial"
    echo "valid_until=$(date -u -d "$(openssl x509 -noout -enddate -in "$stage/leaf.pem" | cut -d= -f2)" +%Y-%m-%dT%H:%M:%SZ)"
} >>"$MAINTENANCE_OUTPUT"

#!/bin/bash
# The internal CA: signs the request with a key on this host.

sign() { # sign STAGE: request.pem becomes leaf.pem and certificate.pem, the leaf with what clients need beside it
    local stage=$1 serial days
    [ -r "$CA_KEY" ] || fail "cannot read the CA's key $CA_KEY as $(id -un)"
    openssl x509 -noout -checkend "$VALID_FOR" -in "$CA_CERTIFICATE" >/dev/null \
        || fail "the CA in $CA_CERTIFICATE expires before the new certificate would; renew the CA, or shorten the input 'validFor'"

    serial=$(printf '%02X' $((0x$(openssl rand -hex 1) & 0x7f | 0x40)))$(openssl rand -hex 15)
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
}

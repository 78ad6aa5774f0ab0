#!/bin/bash
# A CA that speaks ACME, such as Let's Encrypt: lego proves that the name is ours and has the request signed.

# Worth another attempt soon: the CA, or the way to it, was away. Anything else ends the step, since CAs count what fails.
passing=75

sign() { # sign STAGE: request.pem becomes leaf.pem and certificate.pem, the leaf with its chain
    local stage=$1 code=0
    mkdir -p -- "$ACME_ACCOUNT" || fail "the folder of the accounts $ACME_ACCOUNT cannot be made as $(id -un); set the input 'acmeAccount'"
    [ -w "$ACME_ACCOUNT" ] || fail "the folder of the accounts $ACME_ACCOUNT cannot be written as $(id -un); set the input 'acmeAccount'"
    # Accounts stay, everything else is of this run.
    mkdir -- "$stage/lego"
    ln -s -- "$ACME_ACCOUNT" "$stage/lego/accounts"
    choose_challenge
    # Two rotations take turns, so that they do not register two accounts.
    exec 8>"$ACME_ACCOUNT/lock"
    flock --wait 600 8 || fail "another run has used $ACME_ACCOUNT for ten minutes; what does it wait for? (\`maintenance runs\`)" $passing

    [ -z "$ACME_TRUST" ] || export LEGO_CA_CERTIFICATES=$ACME_TRUST
    timeout 600 lego --server "$ACME_DIRECTORY" --accept-tos --email "$ACME_CONTACT" --path "$stage/lego" --csr "$stage/request.pem" \
        --http-timeout 60 --cert.timeout 120 "${challenge[@]}" run >"$stage/said" 2>&1 || code=$?
    sed 's/^/lego: /' "$stage/said"
    [ "$code" -eq 0 ] || explain "$(cat "$stage/said")"
    find "$stage/lego/certificates" -name '*.crt' ! -name '*.issuer.crt' -exec cat {} + >"$stage/certificate.pem"
    openssl x509 -in "$stage/certificate.pem" -out "$stage/leaf.pem" || fail "lego left no certificate"
    check_leaf "$stage"
}

choose_challenge() {
    if [ -n "$ACME_HOOK" ]; then
        export EXEC_PATH=$ACME_HOOK
        # The hook returns when the record is seen in public; asking for it from here would need resolvers of its own.
        challenge=(--dns exec --dns.disable-cp)
    else
        local place=$ACME_WEBROOT/.well-known/acme-challenge
        # The web server reads it as another user. The account's key lies in a closed folder.
        umask 022
        mkdir -p -- "$place" || fail "the folder $place cannot be made as $(id -un); is 'acmeWebroot' what the web server serves?"
        [ -w "$place" ] || fail "the folder $place cannot be written as $(id -un)"
        challenge=(--http --http.webroot "$ACME_WEBROOT")
    fi
}

explain() { # explain WHAT-LEGO-SAID: ends the step with the CA's own words and what to do
    local kind detail
    kind=$(grep -o 'urn:ietf:params:acme:error:[A-Za-z]*' <<<"$1" | tail -n 1 | sed 's/.*://') || true
    detail=$(grep -o 'urn:ietf:params:acme:error:[A-Za-z]* :: .*' <<<"$1" | tail -n 1 | sed 's/^[^ ]* :: //; s/, url:.*//; s/[. ]*$//') || true
    case $kind in
        rateLimited)
            fail "the CA's rate limit is reached: $detail. Nothing was installed. Wait for as long as it says; until then, try with the CA's staging directory" ;;
        connection | dns | unauthorized | incorrectResponse | tls | caa)
            fail "the CA could not see that $SERVER_NAME is ours ($kind): $detail. Nothing was installed. $(challenge_advice)" ;;
        accountDoesNotExist)
            fail "the CA does not know the account in $ACME_ACCOUNT: $detail. Move its folder away, so that a new one is registered, and run the job again" ;;
        userActionRequired)
            fail "the CA's terms have changed: $detail. Read them; accept them with \`lego\` or on the CA's page, and run the job again" ;;
        externalAccountRequired)
            fail "this CA wants accounts that it knows already: $detail. Register once by hand with \`lego --eab\`, and put its folder accounts to $ACME_ACCOUNT" ;;
        badNonce | serverInternal)
            fail "the CA has a problem of its own ($kind): $detail" $passing ;;
        ?*)
            fail "the CA refused ($kind): $detail. Nothing was installed" ;;
    esac
    ! grep -q 'x509: ' <<<"$1" || fail "the certificate of $ACME_DIRECTORY is not trusted here ($(grep -o 'x509: .*' <<<"$1" | tail -n 1)); name its CA with the input 'acmeTrust'"
    fail "the CA at $ACME_DIRECTORY is away, or the way to it: $(tail -n 1 <<<"$1" | sed 's/^[0-9/]* [0-9:]* //')" $passing
}

challenge_advice() {
    if [ -n "$ACME_HOOK" ]; then
        echo "Does $ACME_HOOK set the TXT record of _acme-challenge.${SERVER_NAME#\*.}, and is it seen in public by the time that the hook returns?"
    else
        echo "Does http://$SERVER_NAME/.well-known/acme-challenge/ reach this host from outside, on port 80, and is it the folder of that name in $ACME_WEBROOT?"
    fi
}

check_leaf() { # what clients will not accept is not installed
    local stage=$1 trust=()
    [ "$(openssl x509 -noout -pubkey -in "$stage/leaf.pem")" = "$(openssl pkey -pubout -in "$stage/key.pem")" ] \
        || fail "the CA's certificate is for another key than the one it was asked for"
    [ -z "$CA_CERTIFICATE" ] || trust=(-CAfile "$CA_CERTIFICATE" -partial_chain)
    openssl verify "${trust[@]}" -untrusted "$stage/certificate.pem" -verify_hostname "$SERVER_NAME" "$stage/leaf.pem" >"$stage/verified" 2>&1 \
        || fail "clients that trust ${CA_CERTIFICATE:-"this system's CAs"} would not accept it: $(grep -m 1 error "$stage/verified"). Is this a staging CA? Then name its root with 'caCertificate'"
    openssl x509 -noout -checkend "$RENEW_BEFORE" -in "$stage/leaf.pem" >/dev/null \
        || fail "the CA's certificates expire within the renewal time (this one at $(openssl x509 -noout -enddate -in "$stage/leaf.pem" | cut -d= -f2)); lower the input 'renewBefore'"
}

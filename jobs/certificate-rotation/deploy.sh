#!/bin/bash
# Installs the new key and certificate with the owner and mode of the old ones, checks nginx's configuration and reloads it.
# Can be repeated: what was installed already is gone from the stage.
set -euo pipefail
umask 077

fail() { echo "deploy: $*" >&2; exit 1; }
[ "$NEEDED" = true ] || { echo "nothing to deploy"; exit 0; }

stage=$(dirname -- "$CERTIFICATE")/.rotation-$ROTATION
[ -d "$stage" ] || fail "the stage $stage is gone; run the job again"

# The old pair is kept until the run ends; the second attempt must not take the new one for the old one.
if [ ! -e "$stage/old-pair-kept" ]; then
    cp -p -- "$KEY" "$stage/old-key.pem"
    cp -p -- "$CERTIFICATE" "$stage/old-certificate.pem"
    sync -- "$stage/old-key.pem" "$stage/old-certificate.pem"
    : >"$stage/old-pair-kept"
fi

install_as() { # install_as NEW OLD TARGET
    [ -e "$1" ] || return 0
    chown --reference="$2" -- "$1"
    chmod --reference="$2" -- "$1"
    sync -- "$1"
    mv -f -- "$1" "$3"
}
install_as "$stage/key.pem" "$stage/old-key.pem" "$KEY"
install_as "$stage/certificate.pem" "$stage/old-certificate.pem" "$CERTIFICATE"

if ! "$NGINX_PROGRAM" -t -q -c "$NGINX_CONFIG"; then
    cp -p -- "$stage/old-key.pem" "$KEY"
    cp -p -- "$stage/old-certificate.pem" "$CERTIFICATE"
    fail "nginx does not accept its configuration with the new certificate (see above); the old one is in place again, nginx was not reloaded"
fi
"$NGINX_PROGRAM" -c "$NGINX_CONFIG" -s reload || fail "nginx could not be reloaded; is it running with $NGINX_CONFIG?"
echo "installed $CERTIFICATE and $KEY, nginx reloaded"

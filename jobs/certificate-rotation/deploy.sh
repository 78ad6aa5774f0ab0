#!/bin/bash
# Installs the new key and certificate with the owner and mode of the old ones, has the server check its configuration and reloads it.
# Can be repeated: what was installed already is gone from the stage.
set -euo pipefail
umask 077
# shellcheck source-path=SCRIPTDIR source=service.sh
. ./service.sh

fail() { echo "deploy: $*" >&2; exit 1; }
[ "$NEEDED" = true ] || { echo "nothing to deploy"; exit 0; }
if [ "$DRY_RUN" = true ]; then
    echo "would install $CERTIFICATE and $KEY and reload $SERVICE"
    exit 0
fi

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

if ! accepts_configuration; then
    cp -p -- "$stage/old-key.pem" "$KEY"
    cp -p -- "$stage/old-certificate.pem" "$CERTIFICATE"
    fail "$SERVICE does not accept its configuration with the new certificate (see above); the old one is in place again, $SERVICE was not reloaded"
fi
reload_service || fail "$SERVICE could not be reloaded; is it running with this configuration?"
echo "installed $CERTIFICATE and $KEY, $SERVICE reloaded"

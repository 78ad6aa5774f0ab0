#!/bin/bash
# Undo of deploy: puts the old key and certificate back and reloads the server.
set -euo pipefail
umask 077
# shellcheck source-path=SCRIPTDIR source=service.sh
. ./service.sh
[ "$NEEDED" = true ] || exit 0

stage=$(dirname -- "$CERTIFICATE")/.rotation-$ROTATION
if [ ! -e "$stage/old-pair-kept" ]; then
    echo "nothing was installed, so there is nothing to put back"
    exit 0
fi
for part in key certificate; do
    target=$KEY
    [ "$part" = key ] || target=$CERTIFICATE
    cp -p -- "$stage/old-$part.pem" "$stage/back-$part.pem"
    mv -f -- "$stage/back-$part.pem" "$target"
done
accepts_configuration
reload_service
echo "the old certificate is in place again, $SERVICE reloaded"
echo "restored=true" >>"$MAINTENANCE_OUTPUT"

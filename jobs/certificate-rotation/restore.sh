#!/bin/bash
# Undo of deploy: puts the old key and certificate back and reloads nginx.
set -euo pipefail
umask 077
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
"$NGINX_PROGRAM" -t -q -c "$NGINX_CONFIG"
"$NGINX_PROGRAM" -c "$NGINX_CONFIG" -s reload
echo "the old certificate is in place again, nginx reloaded"
echo "restored=true" >>"$MAINTENANCE_OUTPUT"

#!/bin/sh
set -eu
echo "Hello, $NAME. It is $(date -u +%H:%M:%S) UTC on $(uname -n)."
echo "greeting=Hello, $NAME" >>"$MAINTENANCE_OUTPUT"

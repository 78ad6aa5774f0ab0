#!/bin/bash
# Compares the dump with the checksum that was written beside it, and reads a dump's own table of contents.
set -euo pipefail

fail() { echo "checksum: $*" >&2; exit 1; }

sum=$(sha256sum -- "$DUMP" | cut -d ' ' -f 1)
if [ -f "$DUMP.sha256" ]; then
    expected=$(cut -d ' ' -f 1 <"$DUMP.sha256" | head -n 1)
    [ "$sum" = "$expected" ] || fail "$DUMP is damaged: its SHA-256 is $sum, but $DUMP.sha256 says $expected"
    echo "checksum matches $DUMP.sha256"
elif [ "$REQUIRE_CHECKSUM" = true ]; then
    fail "there is no $DUMP.sha256 to compare with; write one with 'sha256sum', or set the input 'requireChecksum' to false"
else
    echo "no $DUMP.sha256 to compare with"
fi

case $DUMP in
    *.dump) pg_restore --list -- "$DUMP" >/dev/null || fail "pg_restore cannot read $DUMP: it is damaged or no custom-format dump" ;;
    *.gz) gzip --test -- "$DUMP" || fail "$DUMP is damaged: gzip cannot read it to its end" ;;
esac

echo "dump_sha256=$sum" >>"$MAINTENANCE_OUTPUT"

#!/bin/sh
# The plan holds secrets; whatever happened, it is not needed any more.
set -eu
rm -rf -- "$PLAN"
rmdir --ignore-fail-on-non-empty -- "${PLAN%/*}" 2>/dev/null || true

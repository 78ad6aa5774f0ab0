#!/bin/bash
# Removes the stage with the old pair and what was not installed.
set -euo pipefail
rm -rf -- "$(dirname -- "$CERTIFICATE")/.rotation-$ROTATION"

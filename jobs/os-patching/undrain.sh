#!/bin/sh
# A host goes back into service when it is well, and when nothing was changed on it. Otherwise it stays out: somebody must look first.
set -eu
if [ "$HEALTH" = succeeded ] || [ "$UPGRADE" = skipped ] || { [ "$UPGRADE" = failed ] && [ -z "$CHANGES" ]; }; then
    if [ "$DRY_RUN" = true ]; then echo "would run: $HOOK"; exit 0; fi
    exec "$HOOK"
fi
echo "undrain: $(uname -n) stays out of service, because packages were changed and it is not known to be well. When it is: $HOOK"

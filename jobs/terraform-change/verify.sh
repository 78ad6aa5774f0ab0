#!/bin/bash
# Proves that the change is there: a fresh plan has nothing left to do.
set -euo pipefail
export TF_IN_AUTOMATION=1 TF_INPUT=0

[ "$DRY_RUN" != true ] || { echo "dry run: nothing was applied"; exit 0; }
[ "$CHANGES" = true ] || { echo "nothing was to change"; exit 0; }
cd -- "$FOLDER"
variables=()
while IFS= read -r file; do
    [ -z "$file" ] || variables+=("-var-file=$file")
done <<<"$VARIABLE_FILES"

code=0
"$TERRAFORM" plan -no-color -input=false -detailed-exitcode -lock-timeout="${LOCK_TIMEOUT}s" "${variables[@]}" >"$TMPDIR/plan" || code=$?
case $code in
    0) echo "a fresh plan has nothing left to do" ;;
    2) cat "$TMPDIR/plan"; echo "verify: after the change a fresh plan still wants the above; somebody else changes things, or a provider does not settle" >&2; exit 64 ;;
    *) cat "$TMPDIR/plan"; exit 1 ;;
esac

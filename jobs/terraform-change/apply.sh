#!/bin/bash
# Applies the approved plan. Terraform itself refuses it when the state has changed since; the state of before is kept.
set -euo pipefail
umask 077
export TF_IN_AUTOMATION=1 TF_INPUT=0

fail() { echo "apply: $*" >&2; exit 1; }
cd -- "$FOLDER"
[ -f "$PLAN/plan" ] || fail "the plan $PLAN/plan is gone; run the job again"

# Read once: what is hashed is what is applied, whatever happens to the file meanwhile.
cp -- "$PLAN/plan" "$TMPDIR/plan"
found=$(sha256sum -- "$TMPDIR/plan" | cut -d ' ' -f 1)
[ "$found" = "$HASH" ] || fail "the plan $PLAN/plan is not the one that was approved: its SHA-256 is $found, approved is $HASH. Nothing was applied."

before=${PLAN%/*}/before-${PLAN##*/}.tfstate
"$TERRAFORM" state pull >"$before"
echo "state_before=$before" >>"$MAINTENANCE_OUTPUT"

"$TERRAFORM" apply -no-color -input=false -lock-timeout="${LOCK_TIMEOUT}s" "$TMPDIR/plan" || fail "terraform could not apply the whole plan; its message is above"
rm -f -- "$before"

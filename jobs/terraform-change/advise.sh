#!/bin/bash
# Undo of apply: Terraform cannot take back what it did, so this says what is there and how to go on.
set -euo pipefail
export TF_IN_AUTOMATION=1

cd -- "$FOLDER"
before=${PLAN%/*}/before-${PLAN##*/}.tfstate
if [ ! -s "$before" ]; then
    echo "nothing is left half done by this run"
    exit 0
fi
echo "Resources in the state now:"
"$TERRAFORM" state list || true
cat <<ADVICE
The apply did not end well. Resources may be half changed. Go on like this:
  1. Correct the cause and run the job again: a new plan covers what is left.
  2. Or go back in git to the configuration before, and run the job again.
  3. Only if the state itself is damaged: terraform state push $before
The state of before the change is in $before; delete it afterwards, it may hold secrets.
ADVICE

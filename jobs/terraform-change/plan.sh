#!/bin/bash
# Makes the plan, keeps it where only this user can read it, and prints what it would do. Its hash is what a person approves.
set -euo pipefail
umask 077
export TF_IN_AUTOMATION=1 TF_INPUT=0

fail() { echo "plan: $*" >&2; exit 64; }
cd -- "$FOLDER" || fail "there is no folder $FOLDER on $(uname -n); set the input 'folder'"
command -v "$TERRAFORM" >/dev/null || fail "there is no program $TERRAFORM on $(uname -n); set the input 'terraform'"
variables=()
while IFS= read -r file; do
    [ -z "$file" ] || variables+=("-var-file=$file")
done <<<"$VARIABLE_FILES"

rm -rf -- "$PLAN"
mkdir -p -- "$PLAN"
"$TERRAFORM" init -no-color -input=false -lock-timeout="${LOCK_TIMEOUT}s" >"$TMPDIR/init" || { cat "$TMPDIR/init"; exit 1; }

code=0
"$TERRAFORM" plan -no-color -input=false -detailed-exitcode -lock-timeout="${LOCK_TIMEOUT}s" "${variables[@]}" -out="$PLAN/plan" >"$TMPDIR/plan" || code=$?
case $code in
    0)
        echo "nothing to change"
        printf 'changes=false\nsummary=Nothing to change.\nhash=\n' >>"$MAINTENANCE_OUTPUT"
        exit 0 ;;
    2) ;;
    *) cat "$TMPDIR/plan"; exit 1 ;;
esac

# What is printed is read from the plan file, the thing that will be applied.
"$TERRAFORM" show -no-color "$PLAN/plan" | tee "$TMPDIR/shown"
summary=$(sed -n 's/^\(Plan: .*\)$/\1/p' "$TMPDIR/shown")
destroys=$(sed -n 's/^Plan: .* \([0-9][0-9]*\) to destroy.*/\1/p' "$TMPDIR/shown")
hash=$(sha256sum -- "$PLAN/plan" | cut -d ' ' -f 1)
{
    echo "changes=true"
    echo "summary=${summary:-Only outputs change.}"
    echo "destroys=${destroys:-0}"
    echo "hash=$hash"
} >>"$MAINTENANCE_OUTPUT"
if [ "${destroys:-0}" -gt 0 ] && [ "$ALLOW_DESTROY" != true ]; then
    fail "the plan destroys ${destroys} resources (a replacement destroys too); set the input 'allowDestroy' when that is what you want"
fi

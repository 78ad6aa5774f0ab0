#!/bin/bash
# Compares what is with what is approved. A line of the list: a grant, and if you like 'until YYYY-MM-DD' and '# why'; a '*' at the end stands for anything.
set -euo pipefail

[ -r "$APPROVED" ] || { echo "review: cannot read $APPROVED on $(uname -n); set the input 'approved' to the list in the checkout" >&2; exit 64; }
today=$(date -u +%Y-%m-%d)

bash ./collect.sh | sort -u >"$TMPDIR/found"
[ -s "$TMPDIR/found" ] || { echo "review: nothing was found at $ROOT, not even root; is it the right place?" >&2; exit 64; }

awk -v today="$today" '
    function trim(text) { gsub(/^[ \t]+|[ \t]+$/, "", text); gsub(/[ \t]+/, " ", text); return text }
    FILENAME != ARGV[1] {
        here = $0
        if (here in grants) { seen[here] = 1; next }
        for (stem in stems) if (index(here, stem) == 1) { seen[stem "*"] = 1; next }
        print (here in expired ? "approved only until " expired[here] ": " : "not approved: ") here
        next
    }
    { sub(/[ \t]+#.*$/, ""); sub(/^#.*$/, ""); line = trim($0) }
    line == "" { next }
    {
        date = ""
        if (match(line, / until [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]$/)) { date = substr(line, RSTART + 7); line = substr(line, 1, RSTART - 1) }
        if (date != "" && date < today) { expired[line] = date; next }
        if (line ~ /\*$/) stems[substr(line, 1, length(line) - 1)] = 1
        else grants[line] = 1
    }
    END { for (grant in grants) if (!(grant in seen)) print "approved and not there: " grant }
' "$APPROVED" "$TMPDIR/found" | sort >"$TMPDIR/differences"

# What is approved and not there does no harm; the list should be tidied up.
grep '^approved and not there' "$TMPDIR/differences" || true
sed -i '/^approved and not there/d' "$TMPDIR/differences"
cat "$TMPDIR/differences"
count=$(wc -l <"$TMPDIR/differences")
echo "$(wc -l <"$TMPDIR/found") grants, $count differences"

{
    echo "grants=$(wc -l <"$TMPDIR/found")"
    echo "differences=$count"
    echo "list=$(head -n 20 "$TMPDIR/differences" | paste -s -d ';' | sed 's/;/; /g' | cut -c 1-3000)"
    echo "hash=$(sha256sum <"$TMPDIR/differences" | cut -d ' ' -f 1)"
} >>"$MAINTENANCE_OUTPUT"

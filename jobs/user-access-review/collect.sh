#!/bin/bash
# Prints who has access, one grant a line, as the approved list is written:
#   login USER · root USER · group GROUP USER · sudo RULE · key USER SHA256:… · role NAME ATTRIBUTES · member GROUP ROLE
set -euo pipefail
tree=${ROOT%/}

# Accounts with a shell that lets somebody in, and accounts with the rights of root.
awk -F: '$7 !~ /(nologin|false|sync|halt|shutdown)$/ { print "login", $1 } $3 == 0 { print "root", $1 }' "$tree/etc/passwd"

# Members of the groups that matter, also those who have the group as their own.
while read -r group; do
    gid=$(awk -F: -v group="$group" '$1 == group { print $3 }' "$tree/etc/group")
    [ -n "$gid" ] || continue
    awk -F: -v group="$group" '$1 == group { count = split($4, users, ","); for (i = 1; i <= count; i++) print "group", group, users[i] }' "$tree/etc/group"
    awk -F: -v group="$group" -v gid="$gid" '$4 == gid && $3 != 0 { print "group", group, $1 }' "$tree/etc/passwd"
done <<<"$ADMIN_GROUPS"

# Rules of sudo as they are written, with single blanks. Files with a dot or a tilde in their name are none to sudo either.
for file in "$tree/etc/sudoers" "$tree"/etc/sudoers.d/*; do
    [ -f "$file" ] || continue
    case ${file##*/} in *.* | *~) continue ;; esac
    sed -e ':a' -e '/\\$/N; s/\\\n/ /; ta' -e 's/#[^0-9].*//; s/#$//' "$file" \
        | awk '/^[[:space:]]*$/ || /^[[:space:]]*(Defaults|@include|#include)/ { next } { $1 = $1; print "sudo", $0 }'
done

# Public keys by fingerprint, as ssh-keygen -l and the log of sshd show them.
while IFS=: read -r name _ _ _ _ home _; do
    for file in "$tree$home/.ssh/authorized_keys" "$tree$home/.ssh/authorized_keys2"; do
        [ -f "$file" ] || continue
        while read -r blob; do
            printf 'key %s SHA256:%s\n' "$name" "$(base64 -d <<<"$blob" | openssl dgst -sha256 -binary | base64 | tr -d '=')"
        done < <(sed '/^[[:space:]]*#/d' "$file" | grep -oE '(ssh-[a-z0-9-]+|ecdsa-sha2-[a-z0-9-]+|sk-[a-z0-9@.-]+) +AAAA[A-Za-z0-9+/]+=*' | awk '{ print $2 }')
    done
done <"$tree/etc/passwd"

[ "$POSTGRES" = true ] || exit 0
[ -n "${PGPASSFILE:-}" ] || unset PGPASSFILE
PGCONNECT_TIMEOUT=15 PGDATABASE=postgres psql -X -q -A -t -v ON_ERROR_STOP=1 <<'SQL'
select concat_ws(' ', 'role', quote_ident(rolname), case when rolcanlogin then 'login' end, case when rolsuper then 'superuser' end,
    case when rolcreaterole then 'createrole' end, case when rolcreatedb then 'createdb' end, case when rolreplication then 'replication' end,
    case when rolbypassrls then 'bypassrls' end)
from pg_roles where rolname !~ '^pg_';
select concat_ws(' ', 'member', roleid::regrole, member::regrole, case when admin_option then 'admin' end) from pg_auth_members where member::regrole::text !~ '^pg_';
SQL

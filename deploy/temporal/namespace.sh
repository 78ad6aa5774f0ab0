#!/bin/sh
# Makes the namespace 'default' when it is not there: closed workflows are kept for 30 days. Safe to repeat.
set -eu

# The port is open before the server serves.
tries=0
until temporal operator cluster health; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || { echo "the server at $TEMPORAL_ADDRESS does not serve; see its log" >&2; exit 1; }
    sleep 2
done

temporal operator namespace describe --namespace default >/dev/null 2>&1 \
    || temporal operator namespace create --namespace default --retention 30d

#!/bin/bash
# Fetches the package lists, as apt-get update does.
set -euo pipefail
[ -n "${APT_CONFIG:-}" ] || unset APT_CONFIG
apt-get update -q -o APT::Update::Error-Mode=any

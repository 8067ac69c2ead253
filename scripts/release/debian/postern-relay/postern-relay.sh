#!/bin/sh
# /usr/bin/postern-relay
exec /usr/bin/node --max-semi-space-size=1 /usr/share/postern-relay/dist/cli/relay-main.js "$@"

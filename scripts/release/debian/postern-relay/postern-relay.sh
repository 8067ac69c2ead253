#!/bin/sh
# /usr/bin/postern-relay
exec /usr/bin/node /usr/share/postern-relay/dist/cli/relay-main.js "$@"

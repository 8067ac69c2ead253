#!/bin/sh
# /usr/bin/postern of the offline machine.
exec /usr/bin/node /usr/share/postern-desk/dist/cli/offline.js "$@"

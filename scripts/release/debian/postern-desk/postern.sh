#!/bin/sh
# /usr/bin/postern of the offline machine.
# Node 20 calls some of its own algorithms experimental; they are those of RFC 9580.
exec /usr/bin/node --disable-warning=ExperimentalWarning /usr/share/postern-desk/dist/cli/offline.js "$@"

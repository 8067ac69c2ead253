#!/bin/sh
# /usr/bin/postern: the command with the server's settings. For root, what touches the store runs as the server's user.
set -eu
settings=/etc/postern/postern.env

# As systemd reads EnvironmentFile: one NAME=VALUE a line, with or without quotes. What is set already stays.
if [ -r "$settings" ]; then
  while IFS= read -r line || [ -n "$line" ]; do
    name=${line%%=*}
    case $name in
      '' | [!A-Z]* | *[!A-Z0-9_]* | "$line") continue ;;
    esac
    value=${line#*=}
    value=${value%"${value##*[![:space:]]}"}
    case $value in
      \"*\") value=${value#\"} value=${value%\"} ;;
      \'*\') value=${value#\'} value=${value%\'} ;;
    esac
    eval "set=\${$name+set}"
    [ -n "$set" ] || export "$name=$value"
  done <"$settings"
fi

# Node 20 calls some of its own algorithms experimental; they are those of RFC 9580.
program='/usr/bin/node --disable-warning=ExperimentalWarning /usr/share/postern/dist/cli/main.js'
if [ "$(id -u)" = 0 ] && getent passwd postern >/dev/null; then
  case "${1-} ${2-}" in
    'serve '* | 'mail '* | 'relay '* | 'replies '* | 'outbox '* | 'list '* | 'ledger '* | 'export '* | 'acknowledge '* | 'prune '* | \
      'staff '* | 'site '* | 'store '* | 'audit '* | 'keys check')
      export HOME=/var/lib/postern
      program="setpriv --reuid=postern --regid=postern --init-groups --inh-caps=-all --no-new-privs -- $program"
      ;;
  esac
fi
# shellcheck disable=SC2086 # The words of the program.
exec $program "$@"

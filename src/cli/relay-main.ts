#!/usr/bin/env node
import { parseArgs } from "node:util";
import { EXIT_CODE } from "./exit-code.js";
import { type RelayOptions, relay } from "./relay.js";
import { RELAY_CLIENTS, RELAY_LISTEN } from "./relay-options.js";
import { reportError } from "./report-error.js";

const USAGE =
  "postern-relay --to https://PORTAL/ [--socks HOST:PORT] [--secret-file FILE] [--listen ADDRESS:PORT|unix:/PATH]\n" +
  `              [--clients ${RELAY_CLIENTS.join("|")}]\n`;
const text = { type: "string" } as const;

/** `postern relay` by itself, for the package that holds nothing else. Null for arguments that it does not know. */
function readOptions(): RelayOptions | null {
  try {
    const { values } = parseArgs({
      options: {
        ...{ to: text, socks: text, "secret-file": text },
        listen: { ...text, default: RELAY_LISTEN },
        clients: { ...text, default: RELAY_CLIENTS[0] },
      },
    });
    const { to, socks, "secret-file": secretFile, listen } = values;
    const clients = RELAY_CLIENTS.find((source) => source === values.clients);
    if (to === undefined || clients === undefined) return null;
    return {
      ...{ to, listen, clients },
      ...(socks === undefined ? {} : { socks }),
      ...(secretFile === undefined ? {} : { secretFile }),
    };
  } catch {
    return null;
  }
}

const options = readOptions();
if (options === null) {
  process.stderr.write(USAGE);
  process.exitCode = EXIT_CODE.usage;
} else {
  await relay(options).catch((error: unknown) => {
    process.exitCode = reportError(error);
  });
}

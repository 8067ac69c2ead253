import type { ClientSource } from "../server/admission/index.js";

// Of `postern relay`, and of `postern-relay`, which is the same by itself.

export const RELAY_LISTEN = "127.0.0.1:8090";
/** The first unless told. */
export const RELAY_CLIENTS = ["socket", "proxy_protocol", "forwarded"] as const satisfies readonly ClientSource[];

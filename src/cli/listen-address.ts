import { resolve } from "node:path";
import { isLoopback } from "../http-client/index.js";

/** Where to listen: a TCP address, or the path of a Unix socket. */
export type ListenAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/** What {@link readListenAddress} takes, for whoever wrote something else. */
export const LISTEN_ADDRESS = "ADDRESS:PORT, [IPv6]:PORT or unix:/PATH";

/** Reads `ADDRESS:PORT`, `[IPv6]:PORT` or `unix:/PATH`; null for anything else. */
export function readListenAddress(text: string): ListenAddress | null {
  if (text.startsWith("unix:") && text.length > 5) return { path: resolve(text.slice(5)) };
  const match = /^(?:\[([0-9a-f:]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  return match === null || port > 65_535 ? null : { host: match[1] ?? match[2] ?? "", port };
}

/** Whether only this machine can connect to `address`. */
export function isPrivate(address: ListenAddress): boolean {
  return "path" in address || isLoopback(address.host.includes(":") ? `[${address.host}]` : address.host);
}

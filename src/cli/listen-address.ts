import { resolve } from "node:path";
import { z } from "zod";
import { isLoopback } from "../http-client/index.js";

/** Where to listen: a TCP address, or the path of a Unix socket. */
export type ListenAddress = { readonly host: string; readonly port: number } | { readonly path: string };

export const listenAddress = z.string().transform((text, context): ListenAddress => {
  if (text.startsWith("unix:") && text.length > 5) return { path: resolve(text.slice(5)) };
  const match = /^(?:\[([0-9a-f:]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    context.addIssue({ code: "custom", message: "expected ADDRESS:PORT, [IPv6]:PORT or unix:/PATH" });
    return z.NEVER;
  }
  return { host: match[1] ?? match[2] ?? "", port };
});

/** Whether only this machine can connect to `address`. */
export function isPrivate(address: ListenAddress): boolean {
  return "path" in address || isLoopback(address.host.includes(":") ? `[${address.host}]` : address.host);
}

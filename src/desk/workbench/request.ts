import type { IncomingMessage } from "node:http";
import { Fault } from "../../core/index.js";

/** A request that the page never makes. */
export class RequestError extends Fault<"malformed" | "too_large"> {}

/** @throws RequestError */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes > maxBytes) throw new RequestError("too_large", "this is too large");
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

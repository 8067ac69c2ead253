import { BOUNDARY, multipart, part } from "./raw-request.js";
import type { Random } from "./seed.js";

const METHODS = [
  "GET",
  "GET",
  "POST",
  "POST",
  "POST",
  "HEAD",
  "PATCH",
  "PATCH",
  "PUT",
  "DELETE",
  "OPTIONS",
  "PROPFIND",
];
const ID = "0123456789abcdef0123456789abcdef";
const PATHS = [
  "/",
  "/en/",
  "/ru/submit",
  "/en/submit",
  "/uk/replies",
  "/en/encrypted",
  "/en/plain",
  "/en/form/alone",
  `/en/form/${ID}`,
  "/uploads",
  `/uploads/${ID}`,
  `/mailbox/${"a".repeat(32)}`,
  `/mailbox/${"a".repeat(32)}/${ID}`,
  "/keys.asc",
  "/healthz",
  "/challenge",
  "/offline/ru.html",
  "/icon.svg",
  "/nothing",
];
const FIELDS = ["message", "receipt-code", "documents", "__proto__", "name", "", "message[]", "constructor", "\0"];
const HEADERS = [
  "Tus-Resumable",
  "Upload-Length",
  "Upload-Offset",
  "Upload-Defer-Length",
  "Upload-Metadata",
  "Upload-Concat",
  "Upload-Checksum",
  "Content-Type",
  "Content-Encoding",
  "Content-Length",
  "Transfer-Encoding",
  "Expect",
  "Range",
  "If-None-Match",
  "Accept-Language",
  "Accept-Encoding",
  "Cookie",
  "Authorization",
  "Origin",
  "Sec-Fetch-Site",
  "X-Forwarded-For",
  "X-HTTP-Method-Override",
  "Postern-Proof",
  "Connection",
  "Upgrade",
];
const VALUES = [
  "",
  "0",
  "1",
  "-1",
  "1.0.0",
  "9".repeat(40),
  "NaN",
  "chunked",
  "identity",
  "gzip",
  "application/offset+octet-stream",
  "application/x-www-form-urlencoded",
  "application/json",
  `multipart/form-data; boundary=${BOUNDARY}`,
  "multipart/form-data",
  "100-continue",
  "bytes=0-1",
  "ru,uk;q=0.9",
  "xx-XX",
  "same-origin",
  "cross-site",
  "null",
  "__proto__",
  "close",
  "eyJjaGFsbGVuZ2UiOnt9fQ==",
];

/**
 * One request that is nearly right: a real method and route, any headers and body, and a changed byte here and there.
 * `canary` stands wherever something is written.
 */
export function fuzzedRequest(random: Random, canary: string): Buffer {
  const pick = <Value>(values: readonly Value[]) => values[random.integer(0, values.length - 1)] as Value;
  const often = (percent: number) => random.integer(1, 100) <= percent;
  const path = pick(PATHS) + (often(20) ? `?${pick(["progress", "a", "__proto__", "%"])}=${canary}` : "");
  const body = makeBody();
  const headers = [["Host", "portal"]];
  for (let count = random.integer(0, 5); count > 0; count -= 1)
    headers.push([pick(HEADERS), often(80) ? pick(VALUES) : canary]);
  if (often(70)) headers.push(["Content-Type", `multipart/form-data; boundary=${BOUNDARY}`]);
  if (often(90)) headers.push(["Content-Length", String(body.length)]);
  headers.push(["User-Agent", canary], ["Connection", "close"]);
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const request = Buffer.concat([Buffer.from(`${pick(METHODS)} ${path} HTTP/1.1\r\n${lines}\r\n`, "latin1"), body]);
  if (often(25)) {
    for (let count = random.integer(1, 4); count > 0; count -= 1) {
      request[random.integer(0, request.length - 1)] = random.integer(0, 255);
    }
  }
  return often(5) ? request.subarray(0, random.integer(0, request.length)) : request;

  function makeBody(): Buffer {
    if (often(25)) return Buffer.alloc(0);
    if (often(20)) return Buffer.from(random.bytes(random.integer(1, 2_000)));
    if (often(20))
      return Buffer.from(`receipt-code=${canary}&action=${pick(["more", "save", "delete", "x"])}&reply=${ID}`);
    const parts = Array.from({ length: random.integer(0, 4) }, () => {
      const file = often(40) ? `; filename="${canary}.pdf"` : "";
      return part(`name="${pick(FIELDS)}"${file}`, often(80) ? canary : random.bytes(random.integer(0, 500)));
    });
    return multipart(...parts);
  }
}

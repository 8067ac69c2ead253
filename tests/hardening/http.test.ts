import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BesiegedPortal } from "../support/besieged.js";
import { atLength } from "../support/length.js";
import { exchange, statusesOf } from "../support/raw-request.js";

let portal: BesiegedPortal;
/** The answers to slow clients, who are there while all others are. */
let slow: Promise<string[]>;
beforeAll(async () => {
  portal = await BesiegedPortal.start();
  slow = Promise.all(sendSlowly(portal.url));
  await portal.expectWell();
});
// It takes a letter after each group of them, too, or after each one.
const HARMLESS = atLength<"expectUp" | "expectWell">("expectUp", "expectWell");
afterEach(() => portal[HARMLESS]());
afterAll(async () => {
  await portal.expectMemoryBack();
  await portal.stop();
});

const host = "Host: portal\r\n";
const form = (extra: string, body: string) =>
  `POST /en/submit HTTP/1.1\r\n${host}Content-Type: multipart/form-data; boundary=b\r\nConnection: close\r\n${extra}\r\n${body}`;
const BODY = '--b\r\nContent-Disposition: form-data; name="message"\r\n\r\nhello\r\n--b--\r\n';

describe("malformed HTTP is answered, and does no harm", () => {
  afterAll(() => portal.expectWell());

  it.each<[what: string, sent: string | Uint8Array, statuses: number[]]>([
    ["a header of a megabyte", `GET /en/ HTTP/1.1\r\n${host}X: ${"a".repeat(1_000_000)}\r\n\r\n`, [431]],
    ["ten thousand headers", `GET /en/ HTTP/1.1\r\n${host}${"X: a\r\n".repeat(10_000)}\r\n`, [431]],
    ["an address of 100 kB", `GET /${"a".repeat(100_000)} HTTP/1.1\r\n${host}\r\n`, [431]],
    ["a header without a colon", `GET /en/ HTTP/1.1\r\n${host}evil\r\n\r\n`, [400]],
    ["a null byte in a header", `GET /en/ HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`, [400]],
    ["a null byte in the address", `GET /en/\0 HTTP/1.1\r\n${host}\r\n`, [400]],
    ["a null byte, written out, in the address", `GET /en/%00 HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, [404]],
    ["an address that is no UTF-8", `GET /%ff%fe HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, [404]],
    ["a broken escape in a parameter", `GET /en/form/%zz HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, [400]],
    ["a path that climbs", `GET /build/../../keys HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, [404]],
    [
      "a path that climbs, written out",
      `GET /build/%2e%2e%2f%2e%2e%2fkeys HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
      [404],
    ],
    ["HTTP/0.9, taken for a version that there is", "GET /en/\r\n\r\n", [200]],
    ["HTTP/1.0", "GET /en/ HTTP/1.0\r\n\r\n", [200]],
    ["HTTP/2 without being asked", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400]],
    ["HTTP/9.9", `GET / HTTP/9.9\r\n${host}\r\n`, [400]],
    ["TLS", Uint8Array.from([0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3]), [400]],
    ["no host", "GET /en/ HTTP/1.1\r\n\r\n", [400]],
    ["a method that there is not", `BREW / HTTP/1.1\r\n${host}\r\n`, [400]],
    ["CONNECT", `CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n`, []],
    ["an upgrade", `GET /en/ HTTP/1.1\r\n${host}Connection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n`, [200]],
  ])("%s", async (_what, sent, statuses) => {
    const answered = statusesOf(await exchange(portal.url, sent));
    // A client that is still sending may lose the answer with the connection.
    if (sent.length > 60_000 && answered.length === 0) return;
    expect(answered).toEqual(statuses);
  });
});

describe("request smuggling fails: the end of a body is unambiguous", () => {
  afterAll(() => portal.expectWell());

  const GET = `GET /en/ HTTP/1.1\r\n${host}\r\n`;
  const chunked = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
  it.each<[what: string, sent: string, statuses: number[]]>([
    [
      "a length and chunks",
      form(`Content-Length: ${BODY.length}\r\nTransfer-Encoding: chunked\r\n`, chunked + GET),
      [400],
    ],
    ["two lengths", form(`Content-Length: ${BODY.length}\r\nContent-Length: 3\r\n`, BODY + GET), [400]],
    ["a list of lengths", form(`Content-Length: 3, ${BODY.length}\r\n`, BODY + GET), [400]],
    ["a negative length", form("Content-Length: -1\r\n", BODY + GET), [400]],
    ["a length in hex", form("Content-Length: 0x50\r\n", BODY + GET), [400]],
    ["a length with a sign", form(`Content-Length: +${BODY.length}\r\n`, BODY + GET), [400]],
    ["a length beyond numbers", form(`Content-Length: ${"9".repeat(30)}\r\n`, BODY + GET), [400]],
    ["chunks that are not", form("Transfer-Encoding: xchunked\r\n", chunked + GET), [400]],
    ["chunks by another name", form("Transfer-Encoding: chunked, identity\r\n", chunked + GET), [400]],
    ["chunks twice", form("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunked + GET), [400]],
    ["a space before the colon", form("Transfer-Encoding : chunked\r\n", chunked + GET), [400]],
    ["a header on two lines", form("X: a\r\n Transfer-Encoding: chunked\r\n", GET), [400]],
    ["a line that ends with LF alone", form("X: a\nTransfer-Encoding: chunked\r\n", chunked), [400]],
    ["a chunk of a size beyond numbers", form("Transfer-Encoding: chunked\r\n", `${"f".repeat(20)}\r\n${GET}`), [400]],
    ["a chunk with a negative size", form("Transfer-Encoding: chunked\r\n", `-1\r\n${GET}`), [400]],
  ])("%s", async (_what, sent, statuses) => {
    const answer = await exchange(portal.url, sent);
    expect(statusesOf(answer)).toEqual(statuses);
    expect(answer).not.toContain("receipt-code");
  });

  it("a body longer than its length is truncated, and the rest is no request", async () => {
    const answer = await exchange(portal.url, form("Content-Length: 30\r\n", BODY + GET));
    expect(statusesOf(answer)).toEqual([400]);
  });

  it("a body shorter than its length is waited for, and dropped when the client disconnects", async () => {
    const answer = await exchange(portal.url, form(`Content-Length: ${BODY.length + 10}\r\n`, BODY), 500);
    expect(answer).toBe("");
  });

  it("a well-formed body is accepted", async () => {
    const answer = await exchange(portal.url, form(`Content-Length: ${BODY.length}\r\n`, BODY));
    expect(statusesOf(answer)).toEqual([200]);
    expect(answer).toContain("receipt-code");
    const whole = await exchange(portal.url, form("Transfer-Encoding: chunked\r\n", chunked));
    expect(whole).toContain("receipt-code");
  });
});

describe("the Host header is not trusted", () => {
  afterAll(() => portal.expectWell());

  const EVIL = "evil.example";
  it.each([
    ["the host", `GET / HTTP/1.1\r\nHost: ${EVIL}\r\nConnection: close\r\n\r\n`],
    [
      "a forwarded host",
      `GET / HTTP/1.1\r\n${host}X-Forwarded-Host: ${EVIL}\r\nForwarded: host=${EVIL}\r\nConnection: close\r\n\r\n`,
    ],
    ["a whole address", `GET http://${EVIL}/ HTTP/1.1\r\nHost: ${EVIL}\r\nConnection: close\r\n\r\n`],
    ["an address with somebody in it", `GET //${EVIL}/ HTTP/1.1\r\n${host}Connection: close\r\n\r\n`],
    ["another path's", `GET /en/../${EVIL} HTTP/1.1\r\nHost: ${EVIL}:80@portal\r\nConnection: close\r\n\r\n`],
    [
      "an upload's",
      `POST /uploads HTTP/1.1\r\nHost: ${EVIL}\r\nX-Forwarded-Proto: https\r\nTus-Resumable: 1.0.0\r\nUpload-Defer-Length: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    ],
  ])("%s has no effect", async (_what, sent) => {
    const answer = await exchange(portal.url, sent);
    expect(statusesOf(answer)).toHaveLength(1);
    expect(statusesOf(answer)[0]).toBeLessThan(500);
    expect(answer).not.toContain(EVIL);
  });

  it("two Host headers have no effect", async () => {
    const answer = await exchange(portal.url, `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n`);
    // Node takes the first; no answer depends on it.
    expect(statusesOf(answer).every((status) => status < 500)).toBe(true);
  });
});

describe("a slow client", () => {
  afterAll(() => portal.expectWell());

  it("gets 30 seconds for the header, then an answer; others are served meanwhile", async () => {
    for (const answer of await slow) expect(statusesOf(answer)).toEqual([408]);
  });
});

/** What comes back to clients that send a header without an end, little by little. */
function sendSlowly(url: string): Promise<string>[] {
  const { hostname, port } = new URL(url);
  const sockets = Array.from({ length: 200 }, () => connect({ host: hostname, port: Number(port) }));
  return sockets.map(async (socket) => {
    let answer = "";
    socket.setEncoding("latin1").on("data", (text) => {
      answer += text;
    });
    socket.on("error", () => undefined);
    socket.write("GET /en/ HTTP/1.1\r\n");
    // Not close to the timeout: bytes sent to a closed connection reset it, and the answer is lost.
    const drip = setInterval(() => socket.write("X-a: b\r\n"), 7_000);
    await new Promise((resolve) => socket.once("close", resolve));
    clearInterval(drip);
    return answer;
  });
}

import { METHODS } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BesiegedPortal } from "../support/besieged.js";
import { exchange, statusesOf } from "../support/raw-request.js";

let portal: BesiegedPortal;
beforeAll(async () => {
  portal = await BesiegedPortal.start();
});
afterAll(async () => {
  await portal.expectWell();
  await portal.expectMemoryBack();
  await portal.stop();
});

const ID = "0123456789abcdef0123456789abcdef";
const MAILBOX = "a".repeat(32);
const ROUTES = [
  "/",
  "/icon.svg",
  "/404.html",
  "/.well-known/webcat/manifest.json",
  "/healthz",
  "/challenge",
  "/keys.asc",
  "/en/",
  "/en/plain",
  "/en/form/alone",
  `/en/progress/${ID}`,
  "/en/submit",
  "/en/encrypted",
  "/en/replies",
  "/en/replies/plain",
  "/en/keys",
  "/en/about",
  "/en/leave",
  "/offline/en.html",
  "/uploads",
  `/uploads/${ID}`,
  `/mailbox/${MAILBOX}`,
  `/mailbox/${MAILBOX}/${ID}`,
  "/nothing",
  "*",
];
/** Node handles these itself. */
const APART = new Set(["CONNECT"]);
/** Only these may change anything. */
const CHANGING = new Set(["POST", "PATCH", "DELETE"]);

describe.each(ROUTES)("%s", (route) => {
  it("answers every method without an internal error, and no unknown one with success", async () => {
    await Promise.all(
      METHODS.filter((method) => !APART.has(method)).map(async (method) => {
        const answer = await exchange(
          portal.url,
          `${method} ${route} HTTP/1.1\r\nHost: portal\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
          60_000,
        );
        const [status] = statusesOf(answer);
        expect(status, method).toBeDefined();
        expect(status, method).toBeLessThan(500);
        if (!["GET", "HEAD", "OPTIONS"].includes(method) && !CHANGING.has(method)) {
          expect(status, method).toBeGreaterThanOrEqual(400);
        }
        expect(answer, method).toMatch(/^content-security-policy: /im);
        // Or nginx writes it to its disk.
        expect(answer, method).toMatch(/^x-accel-buffering: no\r$/im);
        expect(answer, method).not.toMatch(/^(?:x-powered-by|server|set-cookie|etag): /im);
      }),
    );
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startAttacker } from "../../support/attacker.js";
import { ATTACKS, type Attack } from "../../support/attacks.js";
import { atLength, shareOf } from "../../support/length.js";
import { submissionMessage } from "../../support/message.js";
import { eventually, formOf, startTestPortal, type TestPortal } from "../../support/portal.js";

const ATTACKER = "203.0.113.7";
const TUS = { "Tus-Resumable": "1.0.0" };
const CONNECTIONS = 300;

let portal: TestPortal;
let attack: Attack | null = null;
let honest = 0;
beforeAll(async () => {
  portal = await startTestPortal({ config: { clients: "forwarded", maxIncoming: 64 * 1024 ** 2 } });
});
afterEach(async () => {
  await attack?.stop();
  attack = null;
});
afterAll(() => portal.stop());

/** Somebody who has not been here before. */
const someone = () => {
  honest += 1;
  return { "X-Forwarded-For": `198.51.${honest}.9` };
};

async function everythingWorks(): Promise<void> {
  const headers = someone();
  const page = await fetch(`${portal.url}/ru/`, { headers });
  expect([page.status, (await page.text()).includes("</html>")]).toEqual([200, true]);
  const form = formOf({ message: "a letter" }, [new File(["x".repeat(10_000)], "a.txt")]);
  const letter = await fetch(`${portal.url}/ru/submit`, { method: "POST", body: form, headers });
  expect([letter.status, (await letter.text()).includes("a letter")]).toEqual([200, false]);
  const bytes = await submissionMessage(portal.recipient, 20_000);
  const begun = await fetch(`${portal.url}/uploads`, {
    method: "POST",
    headers: { ...TUS, ...headers, "Upload-Length": String(bytes.length) },
  });
  expect(begun.status).toBe(201);
  const piece = { ...TUS, ...headers, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0" };
  const url = portal.url + begun.headers.get("location");
  const stored = await fetch(url, { method: "PATCH", headers: piece, body: new Uint8Array(bytes) });
  expect(stored.status).toBe(204);
  const mailbox = await fetch(`${portal.url}/mailbox/${"b".repeat(32)}`, { headers });
  expect(mailbox.status).toBe(200);
  expect((await fetch(`${portal.url}/healthz`, { headers })).status).toBe(200);
}

describe("while one visitor attacks, another gets pages, and a letter and an upload are stored, in spite of", () => {
  it.each(shareOf(Object.keys(ATTACKS), 3))("%s", async (name) => {
    attack = await startAttacker({ name, url: portal.url, who: ATTACKER, connections: CONNECTIONS });
    // From its first moment on, in its midst, and after it.
    for (let times = 0; times < atLength(1, 3); times += 1) await everythingWorks();
    await attack.stop();
    await everythingWorks();
    await eventually(
      async () => Object.values(portal.census()).every((count) => count === 0),
      "nothing is held any more",
    );
  });

  it("uploads that fill all the room for what is on its way", async () => {
    const bytes = await submissionMessage(portal.recipient, 30 * 1024 ** 2);
    const headers = { ...TUS, "X-Forwarded-For": "192.0.2.7" };
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      const begun = await fetch(`${portal.url}/uploads`, {
        method: "POST",
        headers: { ...headers, "Upload-Defer-Length": "1" },
      });
      if (begun.status !== 201) {
        statuses.push(begun.status);
        continue;
      }
      const piece = { ...headers, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0" };
      const url = portal.url + begun.headers.get("location");
      const body = new Uint8Array(bytes.subarray(0, 25 * 1024 ** 2));
      statuses.push((await fetch(url, { method: "PATCH", headers: piece, body })).status);
    }
    expect(statuses).toContain(507);
    await everythingWorks();
  });
});

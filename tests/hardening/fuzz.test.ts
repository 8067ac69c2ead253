import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BesiegedPortal } from "../support/besieged.js";
import { fuzzedRequest } from "../support/http-fuzz.js";
import { atLength } from "../support/length.js";
import { exchange, statusesOf } from "../support/raw-request.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { traces } from "../support/traces.js";

const REQUESTS = atLength(1_500, 20_000);
const PARALLEL = 24;
const CANARY = "canaryf7d20e61";

let portal: BesiegedPortal;
beforeAll(async () => {
  portal = await BesiegedPortal.start();
});
afterAll(() => portal.stop());

describe("a fuzzed request", () => {
  it(`is answered without an internal error, and leaves nothing readable ${WITH_SEED}`, async () => {
    const random = new Random("http fuzz");
    const counts = new Map<number, number>();
    let sent = 0;
    const send = async () => {
      while (sent < REQUESTS) {
        sent += 1;
        const number = sent;
        const request = fuzzedRequest(random, CANARY);
        for (const status of statusesOf(await exchange(portal.url, request, 400))) {
          counts.set(status, (counts.get(status) ?? 0) + 1);
          const known = status < 500 || status === 503;
          expect(known, `request ${number} was answered ${status}: ${request.toString("latin1")}`).toBe(true);
        }
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, send));
    // The generator makes valid requests as well as several kinds of invalid ones.
    for (const status of [200, 400, 404]) expect(counts.get(status), String(status)).toBeGreaterThan(atLength(10, 100));
    expect(portal.log).not.toMatch(/internal|Error|uncaught/i);
    const lying = await everything(portal.store);
    for (const trace of traces(CANARY)) {
      expect(portal.log).not.toContain(trace.toString("latin1"));
      for (const { name, contents } of lying) expect(contents.includes(trace), name).toBe(false);
    }
    await portal.expectWell();
    await portal.expectMemoryBack();
  }, 400_000);
});

async function everything(folder: string): Promise<{ name: string; contents: Buffer }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(files.map(async (name) => ({ name, contents: await readFile(name) })));
}

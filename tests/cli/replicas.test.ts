import { createHash } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { upload } from "../../src/client/upload.js";
import { checkRecipient, type Recipient, readCertificates } from "../../src/openpgp/index.js";
import type { TestBucket } from "../support/bucket.js";
import { hasCeph } from "../support/ceph.js";
import { atLength } from "../support/length.js";
import { submissionMessage } from "../support/message.js";
import { makeBucket } from "../support/object-store.js";
import { formOf } from "../support/portal.js";
import { Replicas } from "../support/replicas.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { giveStaffKey } from "../support/staff-key.js";
import { removeFolder } from "../support/temporary.js";
import { uploadOptions } from "../support/upload-options.js";

/** Each restart of a portal takes seconds on a busy machine. */
const TIMEOUT_MS = 300_000;
const SUBMISSIONS = atLength(30, 200);
const WRITERS = 8;
const REPLICAS = 3;

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Bytes as they come from somebody who is still encrypting, so that there is time for something to happen between. */
function slowly(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 15));
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(at, at + 64 * 1024));
        at += 64 * 1024;
      },
    },
    { highWaterMark: 0 },
  );
}

describe.runIf(hasCeph("several portals over one object store"))("three replicas over one bucket", () => {
  let folder: string;
  let bucket: TestBucket;
  let replicas: Replicas;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "postern-replicas-"));
    bucket = await makeBucket();
    await giveStaffKey(folder);
    replicas = new Replicas({ folder, count: REPLICAS, env: bucket.env });
    await replicas.start();
  });
  afterAll(async () => {
    await replicas.stop();
    await removeFolder(folder);
  });

  const recipient = async (): Promise<Recipient> => {
    const [certificate] = await readCertificates(await (await fetch(`${replicas.url}/keys.asc`)).text());
    if (certificate === undefined) throw new Error("the portal publishes no key");
    return checkRecipient(certificate, new Date());
  };

  it(
    `get every one of ${SUBMISSIONS} submissions whole and once, each chunk through another, while they are killed at random ${WITH_SEED}`,
    async () => {
      const random = new Random("replicas");
      const to = await recipient();
      const sent: string[] = [];
      let left = SUBMISSIONS;
      const write = async () => {
        while (left > 0) {
          left -= 1;
          const bytes = await submissionMessage(to, random.integer(0, 300_000));
          await upload(slowly(bytes), uploadOptions(replicas.url));
          sent.push(sha256(bytes));
        }
      };
      let writing = true;
      const kill = async () => {
        let killed = 0;
        for (; writing; killed += 1) {
          await new Promise((resolve) => setTimeout(resolve, random.integer(200, 1_200)));
          await replicas.killAndRestart(random.integer(0, REPLICAS - 1));
        }
        return killed;
      };
      const killing = kill();
      await Promise.all(Array.from({ length: WRITERS }, write)).finally(() => {
        writing = false;
      });
      expect(await killing).toBeGreaterThan(atLength(1, 3));

      const stored: string[] = [];
      const store = await bucket.open();
      for await (const { id } of store.list()) {
        stored.push(sha256(new Uint8Array(await new Response(await store.get(id)).arrayBuffer())));
      }
      expect(stored.sort()).toEqual(sent.sort());
      expect(sent).toHaveLength(SUBMISSIONS);
    },
    TIMEOUT_MS,
  );

  it("give a receipt for a letter without JavaScript whichever of them shows the form, takes it, or is asked for progress", async () => {
    const frames = await (await fetch(`${replicas.url}/ru/plain`)).text();
    const token = /\/form\/([0-9a-f]{32})/.exec(frames)?.[1] ?? "";
    const form = await fetch(`${replicas.url}/ru/form/${token}`);
    expect(await form.text()).toContain("multipart/form-data");
    expect((await fetch(`${replicas.url}/progress/${token}/soon`)).status).toBeLessThan(500);
    const answer = await fetch(`${replicas.url}/ru/submit`, { method: "POST", body: formOf({ message: "Помогите" }) });
    const page = await answer.text();
    expect(page).toContain("receipt-code");
    const code = /receipt-code[^>]*>([\d ]{24})/.exec(page)?.[1] ?? "";
    const replies = await fetch(`${replicas.url}/ru/replies`, {
      method: "POST",
      body: new URLSearchParams({ "receipt-code": code }),
    });
    expect(replies.status).toBe(200);
  });

  it("show the same page, byte for byte, with one salt in it", async () => {
    const pages = new Set<string>();
    for (let time = 0; time < REPLICAS; time += 1) pages.add(await (await fetch(`${replicas.url}/ru/`)).text());
    expect(pages.size).toBe(1);
  });
});

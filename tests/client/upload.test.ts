import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Line } from "../../src/client/messages.js";
import { UploadError, type UploadOptions, upload } from "../../src/client/upload.js";
import { type BrokenLine, brokenLine } from "../support/broken-line.js";
import { submissionMessage } from "../support/message.js";
import { eventually, type PortalOptions, startTestPortal, type TestPortal } from "../support/portal.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { uploadOptions } from "../support/upload-options.js";

let portal: TestPortal;
const lines: BrokenLine[] = [];

const start = async (options?: PortalOptions) => {
  portal = await startTestPortal(options);
};
beforeEach(() => start());
afterEach(async () => {
  for (const line of lines.splice(0)) await line.close();
  await portal.stop();
});

const streamOf = (bytes: Uint8Array) => new Blob([new Uint8Array(bytes)]).stream();

const options = (url = portal.url, more: Partial<UploadOptions> = {}) => uploadOptions(url, more);

async function expectStored(bytes: Uint8Array): Promise<void> {
  const names = await portal.stored();
  expect(names).toHaveLength(1);
  const stored = await readFile(join(portal.folder, "submissions", names[0] ?? ""));
  expect(createHash("sha256").update(stored).digest("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
}

describe("the client's upload", () => {
  it("sends a whole message and reports progress, never backwards", async () => {
    const bytes = await submissionMessage(portal.recipient, 3_000_000);
    const seen: number[] = [];
    await upload(streamOf(bytes), options(portal.url, { onProgress: (sent) => seen.push(sent) }));
    await expectStored(bytes);
    expect(seen).toEqual([...seen].sort((left, right) => left - right));
    expect(seen.at(-1)).toBe(bytes.length);
  });

  it.each([64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1])(
    "sends a stream that ends within one byte of a chunk: %i",
    async (length) => {
      const bytes = await submissionMessage(portal.recipient, 1);
      // No message has exactly this length; a refusal shows that all bytes arrived.
      await expect(upload(streamOf(bytes.subarray(0, length)), options())).rejects.toMatchObject({ code: "refused" });
      expect(await readdir(join(portal.folder, "uploads"))).toEqual([]);
    },
  );

  it(`resumes over a connection that breaks five times at random offsets ${WITH_SEED}`, async () => {
    const bytes = await submissionMessage(portal.recipient, 2_000_000);
    const random = new Random("broken line");
    const line = await brokenLine(
      () => portal.url,
      Array.from({ length: 5 }, () => random.integer(1, 300_000)),
    );
    lines.push(line);
    const said: Line[] = [];
    await upload(streamOf(bytes), options(line.url, { onLine: (line) => said.push(line) }));
    expect(line.breaks()).toBe(5);
    expect(said).toContain("broken");
    expect(said.at(-1)).toBe("working");
    await expectStored(bytes);
  });

  it("is stored once when only the last response is lost", async () => {
    const bytes = await submissionMessage(portal.recipient, 1);
    // The connection breaks after the last byte, before the response.
    const line = await brokenLine(() => portal.url, [bytes.length + 600]);
    lines.push(line);
    await upload(streamOf(bytes), options(line.url));
    await expectStored(bytes);
  });

  it("waits while it is paused", async () => {
    const bytes = await submissionMessage(portal.recipient, 500_000);
    let goOn: () => void = () => undefined;
    const paused = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let sent = 0;
    let asked = 0;
    const sending = upload(
      streamOf(bytes),
      options(portal.url, {
        onProgress: (now) => {
          sent = now;
        },
        mayGoOn: () => {
          asked += 1;
          return asked === 1 ? Promise.resolve() : paused;
        },
      }),
    );
    await eventually(async () => asked === 2, "it has asked whether it may send the second piece");
    // Somebody else's upload goes all its way meanwhile: one that did not wait would have gone on beside it.
    const other = await startTestPortal();
    await upload(streamOf(await submissionMessage(other.recipient, 500_000)), options(other.url)).finally(other.stop);
    expect([asked, sent, portal.answering()]).toEqual([2, 3 * 1024, 0]);
    goOn();
    await sending;
    await expectStored(bytes);
  });

  it("has up to 8 MiB made while it waits, and no more", async () => {
    const chunk = new Uint8Array(64 * 1024);
    let made = 0;
    const endless = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          made += chunk.length;
          controller.enqueue(chunk);
        },
      },
      { highWaterMark: 0 },
    );
    const cancelling = new AbortController();
    const paused = new Promise<void>((resolve) => cancelling.signal.addEventListener("abort", () => resolve()));
    const sending = upload(endless, options(portal.url, { signal: cancelling.signal, mayGoOn: () => paused }));
    const refused = expect(sending).rejects.toThrow("enough");
    await eventually(async () => made >= 8 * 1024 * 1024, "it has read ahead");
    // Somebody else's upload goes all its way meanwhile: what is not held back would be made beside it.
    await upload(streamOf(await submissionMessage(portal.recipient, 500_000)), options());
    expect(made).toBeLessThanOrEqual(8 * 1024 * 1024 + chunk.length);
    cancelling.abort(new Error("enough"));
    await refused;
  });

  it("leaves nothing on the server when it is cancelled", async () => {
    const bytes = await submissionMessage(portal.recipient, 500_000);
    const cancelling = new AbortController();
    const sending = upload(
      streamOf(bytes),
      options(portal.url, { signal: cancelling.signal, onProgress: () => cancelling.abort(new Error("enough")) }),
    );
    await expect(sending).rejects.toThrow("enough");
    expect(await portal.stored()).toEqual([]);
    expect(await readdir(join(portal.folder, "uploads"))).toEqual([]);
  });

  it.each([
    ["plaintext", "refused", {}],
    ["a message", "no_space", { config: { minFree: Number.MAX_SAFE_INTEGER } }],
    ["a message", "key_expired", { lifetime: 86_400, now: () => new Date(Date.now() + 2 * 86_400_000) }],
  ] as const)("reports why the server refuses %s: %s", async (what, code, settings) => {
    await portal.stop();
    await start(settings);
    const bytes = what === "plaintext" ? randomBytes(100).fill(0x20) : await submissionMessage(portal.recipient, 1);
    const refused = await upload(streamOf(bytes), options()).catch((cause: unknown) => cause);
    expect(refused).toBeInstanceOf(UploadError);
    expect(refused).toMatchObject({ code });
  });

  it("fails when the stream itself fails", async () => {
    const failing = new ReadableStream<Uint8Array>({
      pull() {
        throw new Error("the file is gone");
      },
    });
    await expect(upload(failing, options())).rejects.toThrow("the file is gone");
    expect(await portal.stored()).toEqual([]);
  });
});

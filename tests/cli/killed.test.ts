import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UploadError, upload } from "../../src/client/upload.js";
import { checkRecipient, readCertificates } from "../../src/openpgp/index.js";
import { poll } from "../support/browsers.js";
import { atLength } from "../support/length.js";
import { submissionMessage } from "../support/message.js";
import { Operator } from "../support/operator.js";
import { formOf } from "../support/portal.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { removeFolder } from "../support/temporary.js";
import { uploadOptions } from "../support/upload-options.js";

const ROUNDS = atLength(2, 6);
const WRITERS = 4;

let folder: string;
let operator: Operator;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-killed-"));
  operator = new Operator(folder);
  await operator.start();
});
afterEach(async () => {
  await operator.stop();
  await removeFolder(folder);
});

describe("a portal killed at any instant", () => {
  it(`has every letter that it gave a receipt for, whole, and no half of any other ${WITH_SEED}`, async () => {
    const random = new Random("killed");
    const document = new File([random.bytes(200_000)], "документ.pdf");
    const confirmed: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      let running = true;
      const write = async (writer: number) => {
        for (let turn = 0; running; turn += 1) {
          const message = `Письмо ${round}-${writer}-${turn}`;
          const answer = await fetch(`${operator.url}/ru/submit`, {
            method: "POST",
            body: formOf({ message }, [document]),
          }).catch(() => null);
          const page = answer?.status === 200 ? await answer.text().catch(() => "") : "";
          if (page.includes("receipt-code")) confirmed.push(message);
        }
      };
      const before = confirmed.length;
      const writers = Array.from({ length: WRITERS }, (_, writer) => write(writer));
      // However slow the machine is, there is something to lose at every kill.
      await poll("a receipt", async () => (confirmed.length > before ? true : null), 60_000);
      await new Promise((resolve) => setTimeout(resolve, random.integer(0, 1_200)));
      running = false;
      await operator.killAndRestart();
      await Promise.all(writers);
    }
    const { result, cases } = await operator.open();
    expect(result.code, result.stderr).toBe(0);
    const letters = cases.map(({ record }) => String(record.answers.message));
    expect(new Set(letters).size).toBe(letters.length);
    expect(letters).toEqual(expect.arrayContaining(confirmed));
    expect(confirmed.length).toBeGreaterThanOrEqual(ROUNDS);
    for (const { files } of cases) expect(files[0]?.contents).toHaveLength(200_000);
    expect(await readdir(join(folder, "data", "incoming"))).toEqual([]);
  });

  it(`lets an upload go on, however often, and stores it once ${WITH_SEED}`, async () => {
    const random = new Random("killed uploads");
    const [certificate] = await readCertificates(await (await fetch(`${operator.url}/keys.asc`)).text());
    if (certificate === undefined) throw new Error("the portal publishes no key");
    const bytes = await submissionMessage(await checkRecipient(certificate, new Date()), 3_000_000);
    const { origin } = new URL(operator.url);
    let done = false;
    let acknowledged = 0;
    const onProgress = (all: number) => {
      acknowledged = all;
    };
    const send = (): Promise<void> =>
      upload(slowly(bytes), { ...uploadOptions(origin), onProgress }).catch((cause: unknown) => {
        // An upload of which nothing has come has no file, so that a killed portal forgets it, and a page begins anew.
        if (acknowledged === 0 && cause instanceof UploadError && cause.code === "lost") return send();
        throw cause;
      });
    const uploading = send().then(() => {
      done = true;
    });
    uploading.catch(() => undefined);
    for (let kill = 0; kill < atLength(2, 4) && !done; kill += 1) {
      await new Promise((resolve) => setTimeout(resolve, random.integer(50, 900)));
      await operator.killAndRestart();
    }
    await uploading;
    expect(await operator.stored("submissions")).toHaveLength(1);
    const { result } = await operator.open();
    expect(result.code, result.stderr).toBe(0);
  });
});

/** The bytes over some seconds, as a phone would make them. */
function slowly(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let position = 0;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      if (position >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(position, position + 65_536));
      position += 65_536;
    },
  });
}

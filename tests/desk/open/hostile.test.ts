import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTarPacker, type TarHeader } from "modern-tar";
import { type PrivateKey, readPrivateKey } from "openpgp";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSubmission } from "../../../src/core/index.js";
import { createKeyPair, type KeyProfile, keyOpener, type Outcome, openSubmissions } from "../../../src/desk/index.js";
import { encryptMessage, type Recipient } from "../../../src/openpgp/index.js";
import { StallWatchdog } from "../../../src/openpgp/stall-watchdog.js";
import { recipientOf } from "../../support/keys.js";
import { atLength } from "../../support/length.js";
import { Random, WITH_SEED } from "../../support/seed.js";
import { removeFolder } from "../../support/temporary.js";
import { readManifest, readVector } from "../../vectors/manifest.js";

const CASE = "0123456789abcdef0123456789abcdef";
const ROOT = "submission-01234567";
/** How often one bit of a message is flipped. */
const FLIPS = atLength(100, 1_000);
/** Half a gigabyte of a million entries, or four times as many as are taken. */
const ENTRIES = atLength(40_000, 1_000_000);
const LETTER = "Письмо\n".repeat(2_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-hostile-"));
  await mkdir(join(folder, "inbox"));
});
afterEach(() => removeFolder(folder));

interface Desk {
  readonly recipient: Recipient;
  readonly key: PrivateKey;
}

async function desk(profile: KeyProfile = "gnupg"): Promise<Desk> {
  const pair = await createKeyPair({ profile, userId: { name: "t" }, passphrase: "", lifetime: 1e6 });
  return { recipient: await recipientOf(pair), key: await readPrivateKey({ armoredKey: pair.secretKey }) };
}

const bytesOf = async (stream: ReadableStream<Uint8Array>) => Buffer.from(await new Response(stream).arrayBuffer());
const encrypted = async (content: ReadableStream<Uint8Array>, { recipient }: Desk) =>
  bytesOf(await encryptMessage(content, [recipient], new Date()));

function submission(size = 100_000): ReadableStream<Uint8Array> {
  const document = { name: "a.bin", type: "", size, open: () => new Blob([new Uint8Array(size)]).stream() };
  return createSubmission({
    caseId: CASE,
    form: { id: "default", version: 1 },
    language: "ru",
    answers: {},
    letter: LETTER,
    documents: [document],
    encryptedBy: "browser",
  }).stream;
}

async function open(contents: Uint8Array, staff: Desk): Promise<Outcome> {
  const file = join(folder, "inbox/a.gpg");
  await writeFile(file, contents);
  return openFile(file, staff);
}

async function openFile(file: string, { key }: Desk): Promise<Outcome> {
  for await (const outcome of openSubmissions([file], { opener: keyOpener([key]), out: join(folder, "out") }))
    return outcome;
  throw new Error("there was no outcome");
}

/** Nothing is left of it, inside the folder or beside it. */
async function expectNothingLeft(what: string): Promise<void> {
  expect(await readdir(join(folder, "out")), what).toEqual([]);
  expect((await readdir(folder)).sort(), what).toEqual(["inbox", "out"]);
}

describe("a damaged submission", () => {
  it.each(["gnupg", "rfc9580"] as const)(
    `leaves nothing unauthenticated behind, with one bit flipped at ${FLIPS} places: %s ${WITH_SEED}`,
    async (profile) => {
      const staff = await desk(profile);
      const message = await encrypted(submission(), staff);
      const random = new Random(`flipped bits ${profile}`);
      for (let count = 0; count < FLIPS; count += 1) {
        // The first bytes are where most is decided.
        const position = random.integer(0, (count % 4 === 0 ? 400 : message.length) - 1);
        const flipped = Buffer.from(message);
        flipped[position] = (flipped[position] ?? 0) ^ (1 << random.integer(0, 7));
        const outcome = await open(flipped, staff);
        const what = `byte ${position}`;
        if (outcome.kind === "failed") {
          await expectNothingLeft(what);
          expect(outcome.cause.message, what).not.toBe("");
          continue;
        }
        // Whom it is for may be said otherwise; what it says may not.
        expect(outcome.kind, what).toBe("opened");
        expect(await readFile(join(folder, "out", ROOT, "letter.txt"), "utf8"), what).toBe(LETTER);
        await rm(join(folder, "out"), { recursive: true });
      }
    },
    300_000,
  );

  it.each(["gnupg", "rfc9580"] as const)(
    "leaves nothing behind when truncated at each packet and chunk: %s",
    async (profile) => {
      const staff = await desk(profile);
      const message = await encrypted(submission(1_000_000), staff);
      const ends = boundaries(message);
      expect(ends.length).toBeGreaterThan(3);
      for (const end of ends.flatMap((each) => [each - 1, each, each + 1]).filter((each) => each < message.length)) {
        expect((await open(message.subarray(0, end), staff)).kind, `cut at ${end}`).toBe("failed");
        await expectNothingLeft(`cut at ${end}`);
      }
      expect((await open(message, staff)).kind).toBe("opened");
    },
  );
});

/** Where packets and the chunks of partial lengths end (RFC 9580, 4.2). */
function boundaries(message: Uint8Array): number[] {
  const ends: number[] = [];
  let at = 0;
  while (at < message.length) {
    at += 1;
    for (let partial = true; partial; ) {
      const first = message[at] ?? 0;
      partial = first >= 224 && first < 255;
      if (partial) at += 1 + 2 ** (first & 0x1f);
      else if (first < 192) at += 1 + first;
      else if (first < 224) at += 2 + ((first - 192) << 8) + (message[at + 1] ?? 0) + 192;
      else at += 5 + new DataView(message.buffer, message.byteOffset).getUint32(at + 1);
      ends.push(at);
    }
  }
  return ends;
}

describe("a hostile message", () => {
  const watch = vi.spyOn(StallWatchdog.prototype, "watch");
  beforeEach(() => {
    watch.mockClear();
  });

  it("that is short fails at once: none of them waits for openpgp.js to stall", async () => {
    const staff = await desk();
    const vectors = readManifest().rejected.map(({ file }) => readVector(file));
    const message = await encrypted(submission(), staff);
    const damaged = [0, 1, 2, 95, 96, 97, 98, 99, 200, message.length - 1].map((length) => message.subarray(0, length));
    for (const contents of [...vectors, ...damaged, readVector("hostile/packet-out-of-place.pgp")]) {
      expect((await open(contents, staff)).kind).toBe("failed");
      await expectNothingLeft("hostile");
    }
    expect(watch).not.toHaveBeenCalled();
  });
});

describe("a hostile archive", () => {
  async function archive(headers: Iterable<Partial<TarHeader>>, staff: Desk): Promise<Buffer> {
    const { readable, controller } = createTarPacker();
    const bytes = bytesOf(readable);
    for (const header of headers) {
      const body = (header.type ?? "file") === "file" && header.size !== 0 ? "x" : "";
      const writer = controller.add({ name: "", size: body.length, type: "file", ...header }).getWriter();
      if (body !== "") await writer.write(new TextEncoder().encode(body));
      await writer.close();
    }
    controller.finalize();
    return encrypted(new Blob([await bytes]).stream(), staff);
  }
  const root = { name: `${ROOT}/`, type: "directory" } as const;
  const file = (name: string) => ({ name: `${ROOT}/files/${name}` });

  it.each([
    ["names that differ by case", [file("01-a.txt"), file("01-A.txt")], "duplicate_entry"],
    ["names that differ by case in Cyrillic", [file("01-Ж.txt"), file("01-ж.txt")], "duplicate_entry"],
    ["names that differ by normalisation", [file("01-й.txt"), file("01-и\u0306.txt")], "duplicate_entry"],
    ["names that a Greek computer takes for one", [file("01-ς"), file("01-σ")], "duplicate_entry"],
    ["a folder where a file is", [file("01-a"), { name: `${ROOT}/files/01-a/b` }], "unsafe_path"],
    ["a record twice", [{ name: `${ROOT}/submission.json` }, { name: `${ROOT}/SUBMISSION.JSON` }], null],
  ] as const)("is refused for %s", async (_what, headers, code) => {
    const staff = await desk();
    const outcome = await open(await archive([root, ...headers], staff), staff);
    expect(outcome.kind).toBe("failed");
    if (code !== null) expect(outcome).toMatchObject({ cause: { code } });
    await expectNothingLeft("names");
  });

  it(`is refused for ${ENTRIES} entries, long before the last`, async () => {
    const staff = await desk();
    const path = join(folder, "inbox/a.gpg");
    const message = await encryptMessage(manyEntries(), [staff.recipient], new Date());
    // Half a gigabyte: as a stream, so that the test itself is quick on a small machine.
    await writeFile(path, message);
    expect((await stat(path)).size).toBeGreaterThan(ENTRIES * 512);
    const outcome = await openFile(path, staff);
    expect(outcome).toMatchObject({ kind: "failed", cause: { code: "too_many_entries" } });
    await expectNothingLeft("entries");
  }, 300_000);

  it("is refused for claiming a size beyond every limit", async () => {
    const staff = await desk();
    const header = Buffer.alloc(512);
    header.write(`${ROOT}/files/01-a`, 0);
    header.write("0000600\0", 100);
    header.write("0000000\0", 108);
    header.write("0000000\0", 116);
    header.write("77777777777\0", 124);
    header.write("00000000000\0", 136);
    header.write("        0", 148);
    header.write("ustar\0" + "00", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    const outcome = await open(await encrypted(new Blob([header, new Uint8Array(2048)]).stream(), staff), staff);
    expect(outcome.kind).toBe("failed");
    await expectNothingLeft("size");
  });
});

/** The root folder, and so many empty files in it. */
function manyEntries(): ReadableStream<Uint8Array> {
  const perBlock = 2_000;
  const file = plainHeader(`${ROOT}/files/01-000000`, "0");
  const digits = file.indexOf("000000", `${ROOT}/files/01-`.length);
  const sum = Number.parseInt(file.toString("latin1", 148, 154), 8);
  let next = -1;
  return new ReadableStream({
    pull(controller) {
      if (next < 0) {
        next = 0;
        return controller.enqueue(plainHeader(`${ROOT}/`, "5"));
      }
      if (next === ENTRIES) {
        controller.enqueue(new Uint8Array(1024));
        return controller.close();
      }
      const block = Buffer.alloc(512 * perBlock);
      for (let at = 0; at < block.length; at += 512, next += 1) {
        file.copy(block, at);
        const number = String(next).padStart(6, "0");
        block.write(number, at + digits, "latin1");
        // Only the digits differ, and the sum by as much.
        const more = [...number].reduce((total, digit) => total + Number(digit), 0);
        block.write((sum + more).toString(8).padStart(6, "0"), at + 148, "latin1");
      }
      controller.enqueue(block);
    },
  });
}

function plainHeader(name: string, type: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000600\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write("00000000000\0", 124);
  header.write("00000000000\0", 136);
  header.write(`        ${type}`, 148);
  header.write("ustar\0" + "00", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

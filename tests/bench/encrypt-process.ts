// One measurement of encryption.ts in a separate process. Arguments: way, profile, certificate, file. Prints seconds,
// processor time and memory.
import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { createMessage, encrypt, readKey } from "openpgp";
import { createSubmission } from "../../src/core/index.js";
import { encryptMessage } from "../../src/native/index.js";
import { checkRecipient, readCertificates } from "../../src/openpgp/index.js";
import { doubleBuffered } from "../../src/streams/index.js";
import { costOf } from "./process-run.js";

const BLOCK = 256 * 1024;
const SPOOL_BLOCK = 1024 * 1024;
const [way = "", profile = "", keyFile = "", warmUp = "", file = ""] = process.argv.slice(2);
const [certificate] = await readCertificates(await readFile(keyFile, "utf8"));
if (certificate === undefined) throw new Error("no certificate");
const recipient = await checkRecipient(certificate, new Date());

const WAYS: Readonly<Record<string, (path: string) => Promise<void>>> = {
  async raw(path) {
    const modern = profile === "rfc9580";
    const cipher = createCipheriv(
      modern ? "aes-256-gcm" : "aes-256-cfb",
      randomBytes(32),
      randomBytes(modern ? 12 : 16),
    );
    const hash = createHash("sha1");
    for await (const chunk of createReadStream(path, { highWaterMark: BLOCK })) {
      if (!modern) hash.update(chunk);
      cipher.update(chunk);
    }
  },
  async openpgp(path) {
    const source = Readable.toWeb(createReadStream(path, { highWaterMark: BLOCK })) as ReadableStream<Uint8Array>;
    const message = await createMessage({ binary: source });
    await drain(
      (await encrypt({
        message,
        encryptionKeys: await readKey({ armoredKey: certificate.armor() }),
        format: "binary",
      })) as ReadableStream<Uint8Array>,
    );
  },
  async postern(path) {
    const [handle, { size }] = await Promise.all([open(path), stat(path)]);
    const archive = createSubmission({
      caseId: "0".repeat(32),
      form: { id: "bench", version: 1 },
      language: "en",
      answers: {},
      letter: "",
      documents: [{ name: "a.bin", type: "", size, open: () => read(handle, size) }],
      encryptedBy: "server",
    });
    const encrypted = await encryptMessage(archive.stream, [recipient], new Date(), archive.size);
    // As the store reads it: into memory of its own.
    const reader = encrypted.getReader({ mode: "byob" });
    for (let memory = new Uint8Array(SPOOL_BLOCK); ; ) {
      const { done, value } = await reader.read(memory);
      if (done) break;
      memory = new Uint8Array(value.buffer);
    }
    await handle.close();
  },
};

/** As the server reads its spool: the next block while one is encrypted. */
function read(file: FileHandle, size: number): ReadableStream<Uint8Array> {
  return doubleBuffered(size, async (block, position) => {
    const { bytesRead } = await file.read(block, 0, block.length, position);
    if (bytesRead < block.length) throw new Error("the file is shorter than it was");
  });
}

async function drain(stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader();
  while (!(await reader.read()).done);
}

await WAYS[way]?.(warmUp);
const before = process.cpuUsage();
const begun = performance.now();
await WAYS[way]?.(file);
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ seconds, cpu: (user + system) / 1e6, peak: costOf(process.pid)?.peak }));

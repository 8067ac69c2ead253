// Bundled by browser-speed.ts and run in a worker of the browser that is measured.
import { createMessage, encrypt, readKey } from "openpgp";
import { SendBuffer } from "../../src/client/send-buffer.js";
import { BlockDigest, createSubmission } from "../../src/core/index.js";
import { checkRecipient, encryptMessage, readCertificates } from "../../src/openpgp/index.js";

const MIB = 1024 * 1024;
const CHUNK = 8 * MIB;

interface Task {
  readonly certificate: string;
  readonly mebibytes: number;
  readonly rounds: number;
}

/** Seconds of each round: bare openpgp.js; what the client encrypts with; the same, cut into chunks and hashed. */
export interface Timings {
  readonly bare: number[];
  readonly encrypted: number[];
  readonly hashed: number[];
}

addEventListener("message", ({ data }: MessageEvent<Task>) => {
  run(data).then(postMessage, (cause: unknown) => postMessage({ error: String(cause) }));
});

async function run({ certificate, mebibytes, rounds }: Task): Promise<Timings> {
  const [key] = await readCertificates(certificate);
  if (key === undefined) throw new Error("no certificate");
  const recipient = await checkRecipient(key, new Date());
  const block = crypto.getRandomValues(new Uint8Array(65_536));
  const file = new Blob(Array.from({ length: mebibytes * 16 }, () => block));

  const bare = async () => {
    const message = await createMessage({ binary: file.stream() });
    return (await encrypt({
      message,
      encryptionKeys: await readKey({ armoredKey: certificate }),
      format: "binary",
    })) as ReadableStream<Uint8Array>;
  };
  const ours = () => {
    const archive = createSubmission({
      caseId: "0".repeat(32),
      form: { id: "bench", version: 1 },
      language: "en",
      answers: {},
      letter: "",
      documents: [{ name: "a.bin", type: "", size: file.size, open: () => file.stream() }],
      encryptedBy: "browser",
    });
    return encryptMessage(archive.stream, [recipient], new Date());
  };
  const paths: Readonly<Record<keyof Timings, () => Promise<void>>> = {
    bare: async () => drain(await bare()),
    encrypted: async () => drain(await ours()),
    hashed: async () => hash(await ours()),
  };
  const timings: Timings = { bare: [], encrypted: [], hashed: [] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of ["bare", "encrypted", "hashed"] as const) {
      const begun = performance.now();
      await paths[name]();
      // The first round warms up.
      if (round > 0) timings[name].push((performance.now() - begun) / 1000);
    }
  }
  return timings;
}

async function drain(stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader();
  while (!(await reader.read()).done);
}

async function hash(stream: ReadableStream<Uint8Array>): Promise<void> {
  const digest = new BlockDigest();
  const buffer = new SendBuffer(stream, (bytes) => digest.push(bytes));
  for (let last = false; !last; ) {
    const next = await buffer.peek(CHUNK);
    last = next.last;
    buffer.acknowledge(next.bytes.length);
  }
  await digest.finish();
}

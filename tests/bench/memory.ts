// Peak memory of the server while it takes one submission over the no-JavaScript path.
// npx tsx tests/bench/memory.ts [MiB, 2040 unless told]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createKeyPair } from "../../src/desk/index.js";
import { BOUNDARY, part } from "../support/raw-request.js";

const MIB = 1024 * 1024;
const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const size = Number(process.argv[2] ?? 2040) * MIB;

const folder = await mkdtemp(join(tmpdir(), "postern-bench-"));
const pair = await createKeyPair({ profile: "gnupg", userId: { name: "bench" }, passphrase: "", lifetime: 1e6 });
await mkdir(join(folder, "keys"));
await writeFile(join(folder, "keys/a.asc"), pair.certificate);

const server = spawn(process.execPath, [main, "serve"], {
  cwd: folder,
  env: { PATH: process.env.PATH ?? "", POSTERN_LISTEN: "127.0.0.1:0", POSTERN_MIN_FREE: "0" },
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const [line] = (await once(server.stdout, "data")) as [Buffer];
  const address = line.toString().trim();
  const idle = await peak();
  const seconds = await send(new URL("/ru/submit", address));
  const [name = ""] = await readdir(join(folder, "data/submissions"));
  const stored = (await stat(join(folder, "data/submissions", name))).size;
  console.log(`submission       ${(size / MIB).toFixed(0)} MiB`);
  console.log(`ciphertext       ${(stored / MIB).toFixed(0)} MiB`);
  console.log(`peak RSS idle    ${idle.toFixed(0)} MiB`);
  console.log(`peak RSS         ${(await peak()).toFixed(0)} MiB`);
  console.log(`time to receipt  ${seconds.toFixed(1)} s (${(size / MIB / seconds).toFixed(0)} MiB/s)`);
} finally {
  server.kill("SIGTERM");
  await once(server, "close");
  await rm(folder, { recursive: true, force: true });
}

/** MiB that the server's resident set has had at its largest, as the kernel counts it. */
async function peak(): Promise<number> {
  const status = await readFile(`/proc/${server.pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** Seconds from the first octet sent to the receipt. */
async function send(url: URL): Promise<number> {
  // Everything of a part but its contents: its end is written after them.
  const head = part('name="documents"; filename="a.bin"', "", "application/octet-stream").subarray(0, -2);
  const tail = Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
  const block = Buffer.alloc(MIB, 0x5a);
  const begun = performance.now();
  const post = request(url, {
    method: "POST",
    headers: {
      "Content-Type": `multipart/form-data; boundary=${BOUNDARY}`,
      "Content-Length": head.length + size + tail.length,
    },
  });
  const answered = once(post, "response");
  post.write(head);
  for (let sent = 0; sent < size; sent += block.length) {
    if (!post.write(block)) await once(post, "drain");
  }
  post.end(tail);
  const [response] = (await answered) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  if (response.statusCode !== 200) throw new Error(`the server answered ${response.statusCode}`);
  return (performance.now() - begun) / 1000;
}

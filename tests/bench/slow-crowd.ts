// Honest submitters among slow ones: 2,000 connections that send next to nothing, 50 uploads at 20 KiB/s, and 10 people
// who write letters meanwhile. npx tsx tests/bench/slow-crowd.ts [seconds, default 40]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createKeyPair } from "../../src/desk/index.js";
import { recipientOf } from "../support/keys.js";
import { submissionMessage } from "../support/message.js";
import { formOf } from "../support/portal.js";
import { percentile } from "./measure.js";

const IDLE = 2_000;
const SLOW = 50;
const HONEST = 3;
const BYTES_PER_SECOND = 20 * 1024;
const seconds = Number(process.argv[2] ?? 40);
const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

const folder = await mkdtemp(join(tmpdir(), "postern-crowd-"));
const pair = await createKeyPair({ profile: "gnupg", userId: { name: "bench" }, passphrase: "", lifetime: 1e8 });
await mkdir(join(folder, "keys"));
await writeFile(join(folder, "keys/a.asc"), pair.certificate);
const server = spawn(process.execPath, [main, "serve"], {
  cwd: folder,
  env: { PATH: process.env.PATH ?? "", POSTERN_LISTEN: "127.0.0.1:0", POSTERN_MIN_FREE: "0" },
  stdio: ["ignore", "pipe", "inherit"],
});
const TUS = { "Tus-Resumable": "1.0.0" };
const idle: Socket[] = [];
try {
  const url = new URL(String((await once(server.stdout, "data"))[0]).trim());
  const message = await submissionMessage(await recipientOf(pair), BYTES_PER_SECOND * (seconds - 10));
  const end = performance.now() + seconds * 1000;
  for (let count = 0; count < IDLE; count += 1) {
    const socket = connect(Number(url.port), url.hostname).on("error", () => undefined);
    socket.write("GET /ru/ HTTP/1.1\r\nHost: portal\r\n");
    idle.push(socket);
  }
  // A head that grows by a line now and then, as slowloris does.
  const dripping = setInterval(() => {
    for (const socket of idle) if (!socket.destroyed) socket.write("X-a: b\r\n");
  }, 5_000);
  const slow = Array.from({ length: SLOW }, async () => {
    const headers = { ...TUS, "Upload-Length": String(message.length) };
    const created = await fetch(new URL("/uploads", url), { method: "POST", headers });
    const { status } = await fetch(new URL(created.headers.get("location") ?? "", url), {
      method: "PATCH",
      headers: { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0" },
      body: slowly(message),
      duplex: "half",
    } as RequestInit);
    return status === 204;
  });
  const times: number[] = [];
  let refused = 0;
  const honest = Array.from({ length: HONEST }, async () => {
    while (performance.now() < end) {
      const begun = performance.now();
      const form = formOf({ message: "Письмо ".repeat(1_500) }, [new File([new Uint8Array(200_000)], "a.pdf")]);
      const answer = await fetch(new URL("/ru/submit", url), { method: "POST", body: form });
      if (answer.status === 200 && (await answer.text()).includes("receipt-code"))
        times.push(performance.now() - begun);
      else refused += 1;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  });
  await Promise.all(honest);
  const finished = (await Promise.all(slow)).filter(Boolean).length;
  clearInterval(dripping);
  const at = (share: number) => (percentile(times, share) / 1000).toFixed(2);
  const still = idle.filter((socket) => !socket.destroyed && !socket.readableEnded).length;
  console.log(`idle connections     ${IDLE} opened, ${still} not yet closed by the portal at the end`);
  console.log(`slow uploads         ${finished} of ${SLOW} at 20 KiB/s were stored`);
  console.log(`honest letters       ${times.length} accepted, ${refused} refused; p50 ${at(0.5)} s, p99 ${at(0.99)} s`);
  console.log(`stored               ${(await readdir(join(folder, "data/submissions"))).length}`);
} finally {
  for (const socket of idle) socket.destroy();
  server.kill("SIGTERM");
  await once(server, "close");
  await rm(folder, { recursive: true, force: true });
}

function slowly(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let position = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        if (position >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(position, position + BYTES_PER_SECOND / 4));
        position += BYTES_PER_SECOND / 4;
      },
    },
    { highWaterMark: 0 },
  );
}

// How fast `postern open` works through many submissions, and with how much memory. npx tsx tests/bench/open.ts [2000]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSubmission, encryptMessage } from "../../src/core/index.js";
import { createKeyPair } from "../../src/desk/index.js";
import { recipientOf } from "../support/keys.js";
import { Random } from "../support/seed.js";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const count = Number(process.argv[2] ?? 2_000);

const cwd = await mkdtemp(join(tmpdir(), "postern-bench-"));
try {
  const pair = await createKeyPair({ profile: "gnupg", userId: { name: "x" }, passphrase: "", lifetime: 1e6 });
  const recipient = await recipientOf(pair);
  await writeFile(join(cwd, "key.asc"), pair.secretKey);
  await mkdir(join(cwd, "inbox"));
  const random = new Random("bench of open");
  for (let index = 0; index < count; index += 1) {
    const contents = new Blob([random.octets(20_000)]);
    const { stream } = createSubmission({
      caseId: index.toString(16).padStart(8, "0").padEnd(32, "0"),
      form: { id: "default", version: 1 },
      language: "ru",
      answers: { message: "Письмо" },
      letter: `Письмо\n\nВаше письмо\n${"слово ".repeat(500)}\n`,
      documents: [{ name: "справка.jpg", type: "", size: contents.size, open: () => contents.stream() }],
      encryptedBy: "browser",
    });
    const message = await new Response(await encryptMessage(stream, [recipient], new Date())).arrayBuffer();
    await writeFile(join(cwd, "inbox", `${index.toString(16).padStart(32, "0")}.tar.gpg`), Buffer.from(message));
  }
  const begun = performance.now();
  const child = spawn(process.execPath, [MAIN, "open", "inbox", "--key", "key.asc"], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
  });
  let peak = 0;
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
  }, 200);
  await once(child, "close");
  clearInterval(watch);
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `${count} submissions: ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} a second, peak ${peak.toFixed(0)} MiB`,
  );
} finally {
  await rm(cwd, { recursive: true, force: true });
}

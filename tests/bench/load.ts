// Many people at once: 500 submitters of a 20 KiB letter with one document of 200 KiB, for 60 s, over loopback.
// npx tsx tests/bench/load.ts [seconds, default 60] [submitters, default 500] [browser | rested]
// "browser" uploads ciphertext instead of using the server's form. "rested" first gives the portal the time to make its
// receipt codes.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { readPrivateKey } from "openpgp";
import { findSubmissions, keyOpener, openSubmissions } from "../../src/desk/index.js";
import { recipientOf } from "../support/keys.js";
import { submissionMessage } from "../support/message.js";
import { BOUNDARY, multipart, part } from "../support/raw-request.js";
import { Random } from "../support/seed.js";
import { percentile } from "./measure.js";
import { untilAtRest } from "./rested.js";
import { startPortal } from "./running.js";

const seconds = Number(process.argv[2] ?? 60);
const submitters = Number(process.argv[3] ?? 500);
const byBrowser = process.argv[4] === "browser";
const PATIENCE = 240_000;

const folder = await mkdtemp(join(tmpdir(), "postern-load-"));
const portal = await startPortal(folder, "gnupg", [], null);
const agent = new Agent({ keepAlive: true, maxSockets: submitters });
const random = new Random("load");
const letter = Buffer.from("Здравствуйте! ".repeat(800));
const document = random.bytes(200 * 1024);

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly location: string;
}

function ask(method: string, path: string, headers: Record<string, string>, body: Uint8Array): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      method,
      headers: { ...headers, "Content-Length": String(body.length) },
      timeout: PATIENCE,
    };
    const sent = request(new URL(path, portal.url), options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text, location: response.headers.location ?? "" }),
      );
      response.on("error", reject);
    });
    sent.on("error", reject).end(body);
  });
}

const TUS = { "Tus-Resumable": "1.0.0" };
const NOTHING = new Uint8Array(0);
const statuses = new Map<number, number>();
const count = (status: number) => statuses.set(status, (statuses.get(status) ?? 0) + 1);

/** A receipt, or false if the portal asked to come again. */
async function submitForm(number: number): Promise<boolean> {
  const body = multipart(
    part('name="message"', Buffer.concat([Buffer.from(`${number} `), letter])),
    part('name="documents"; filename="a.pdf"', document, "application/pdf"),
  );
  const { status, text } = await ask(
    "POST",
    "/ru/submit",
    { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}` },
    body,
  );
  count(status);
  return status === 200 && text.includes("receipt-code");
}

async function submitCiphertext(message: Uint8Array): Promise<boolean> {
  const length = { "Upload-Length": String(message.length) };
  let created = await ask("POST", "/uploads", { ...TUS, ...length }, NOTHING);
  if (created.status === 429) {
    const challenge = JSON.parse((await ask("GET", "/challenge", {}, NOTHING)).text);
    const solution = await solveChallenge({ challenge, deriveKey });
    const proof = Buffer.from(JSON.stringify({ challenge, solution })).toString("base64");
    created = await ask("POST", "/uploads", { ...TUS, ...length, "Postern-Proof": proof }, NOTHING);
  }
  if (created.status !== 201) {
    count(created.status);
    return false;
  }
  const piece = { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0" };
  const { status } = await ask("PATCH", created.location, piece, message);
  count(status);
  return status === 204;
}

const times: number[] = [];
let receipts = 0;
try {
  const message = await submissionMessage(await recipientOf(portal.pair), 220 * 1024);
  if (process.argv[4] === "rested") await untilAtRest(portal);
  const begun = performance.now();
  let number = 0;
  await Promise.all(
    Array.from({ length: submitters }, async () => {
      while (performance.now() - begun < seconds * 1000) {
        number += 1;
        const start = performance.now();
        const stored = await (byBrowser ? submitCiphertext(message) : submitForm(number)).catch((cause: unknown) => {
          count(-1);
          process.stderr.write(`${String(cause)}\n`);
          return false;
        });
        if (stored) {
          receipts += 1;
          times.push(performance.now() - start);
        } else await new Promise((resolve) => setTimeout(resolve, 2_000));
      }
    }),
  );
  const elapsed = (performance.now() - begun) / 1000;
  const at = (share: number) => (percentile(times, share) / 1000).toFixed(2);
  console.log(
    `way                  ${byBrowser ? "ciphertext by tus" : "the server's form"}, ${submitters} at once, ${elapsed.toFixed(0)} s`,
  );
  console.log(`accepted             ${receipts} (${(receipts / elapsed).toFixed(1)} per second)`);
  console.log(`time to the receipt  p50 ${at(0.5)} s, p99 ${at(0.99)} s`);
  console.log(`statuses             ${[...statuses].map(([status, times]) => `${status}: ${times}`).join(", ")}`);
  console.log(`peak RSS             ${portal.cost().peak.toFixed(0)} MiB`);
  const stored = join(portal.folder, "data/submissions");
  const names = await readdir(stored);
  let opened = 0;
  const key = await readPrivateKey({ armoredKey: portal.pair.secretKey });
  const out = join(folder, "cases");
  for await (const outcome of openSubmissions(await findSubmissions([stored]), { opener: keyOpener([key]), out })) {
    if (outcome.kind !== "failed") opened += 1;
  }
  console.log(`stored, opened       ${names.length}, ${opened}`);
  if (opened < receipts || opened !== names.length) throw new Error("a receipt was given for what cannot be opened");
} finally {
  agent.destroy();
  await portal.stop();
  await rm(folder, { recursive: true, force: true });
}

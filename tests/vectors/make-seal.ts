/** Makes seal.json anew, with new keys. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { importMailboxKeyPair, type MailboxAnswer, openQuestion, type Question, sealQuestion } from "../../src/seal/index.js";

const MAILBOX = "p5lzcnetnaoldhx6x7jbsys7qboynoz4";
const REPLY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const listed = [{ id: REPLY, day: "2026-11-27", bytes: 65_637 }];
const CASES: readonly (readonly [Question, MailboxAnswer])[] = [
  [{ kind: "cover", size: "small", mailbox: MAILBOX }, { kind: "nothing" }],
  [
    { kind: "list", size: "small", mailbox: MAILBOX, from: 0 },
    { kind: "replies", replies: listed, more: true },
  ],
  [
    { kind: "read", size: "small", mailbox: MAILBOX, reply: REPLY, from: 65_630 },
    { kind: "bytes", bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7) },
  ],
  [{ kind: "remove", size: "small", mailbox: MAILBOX, reply: REPLY, day: "2026-11-27" }, { kind: "removed" }],
];

const der = (key: KeyObject, type: "spki" | "pkcs8") => key.export({ type: type as "spki", format: "der" });
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

async function makePair() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = new Uint8Array(der(publicKey, "spki"));
  const pkcs8 = new Uint8Array(der(privateKey, "pkcs8"));
  return { spki, pkcs8, pair: await importMailboxKeyPair(spki, pkcs8) };
}

const portal = await makePair();
const cases = [];
for (const [question, answer] of CASES) {
  const ephemeral = await makePair();
  const { bytes } = await sealQuestion(question, portal.pair.publicKey, ephemeral.pair);
  const { seal } = await openQuestion(bytes, portal.pair);
  const told = answer.kind === "bytes" ? { ...answer, bytes: base64(answer.bytes) } : answer;
  const keys = { ephemeralSpki: base64(ephemeral.spki), ephemeralPkcs8: base64(ephemeral.pkcs8) };
  cases.push({ question, ...keys, sealed: base64(bytes), answer: told, sealedAnswer: base64(await seal(answer)) });
}
const origin = "made by make-seal.ts; docs/FORMAT.md section 18";
const vectors = { origin, spki: base64(portal.spki), pkcs8: base64(portal.pkcs8), cases };
await writeFile(new URL("seal.json", import.meta.url), `${JSON.stringify(vectors, null, 2)}\n`);

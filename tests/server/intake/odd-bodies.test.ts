import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type ClientRequest, createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Request, Response } from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultForm } from "../../../src/form/index.js";
import { loadTexts } from "../../../src/locales/index.js";
import { validate } from "../../../src/server/intake/letter.js";
import { ReceiptMaker } from "../../../src/server/intake/receipt.js";
import { readBody } from "../../../src/server/intake/request-body.js";
import { Spool } from "../../../src/server/intake/spool.js";
import { CodeStock, ReplyAddresses } from "../../../src/server/mailbox/index.js";
import { collect } from "../../support/bytes.js";
import { atLength } from "../../support/length.js";
import { Random, WITH_SEED } from "../../support/seed.js";

const SALT = new Uint8Array(16);
const BODIES = atLength(800, 5_000);
const BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
const texts = loadTexts().get("ru");
if (texts === undefined) throw new Error("Russian is there");
const form = defaultForm(texts.say);

interface Part {
  readonly field: string;
  readonly fileName: string | null;
  readonly content: Buffer;
}

/** What a person sent, the body that some program made of it, and whether it came whole. */
interface Sent {
  readonly parts: readonly Part[];
  readonly body: Buffer;
  readonly whole: boolean;
  /** Whether the head of a text ends in a semicolon, as no browser writes it. */
  readonly doubtful: boolean;
}

/** What the portal would keep, or why not, and what it would give back. */
type Outcome =
  | {
      readonly kept: {
        readonly answers: unknown;
        readonly documents: readonly (readonly [name: string, content: Buffer])[];
      };
    }
  | { readonly refusal: string; readonly answers: unknown };

let folder: string;
let server: Server;
const outcomes: Promise<Outcome>[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-odd-"));
  server = createServer((incoming, response) => {
    outcomes.push(take(incoming as Request, response as Response).finally(() => response.end()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

async function take(incoming: Request, response: Response): Promise<Outcome> {
  const spool = new Spool(folder, { bytes: 1e6, files: 100, room: async () => true });
  try {
    const body = await readBody(incoming, response, spool, { maxBytes: 1e7, mayKeepText: () => true });
    const receipts = new ReceiptMaker(new ReplyAddresses(SALT), new CodeStock(SALT, () => false, 0), null);
    const validated = validate(body, spool, receipts, { texts: texts as never, form });
    if ("refused" in validated) {
      return { refusal: validated.refused.refusal, answers: validated.refused.draft.answers };
    }
    const documents: [string, Buffer][] = [];
    for (const { name, open } of spool.documents) documents.push([name, Buffer.from(await collect(open()))]);
    return { kept: { answers: validated.letter.answers, documents } };
  } finally {
    await spool.close();
  }
}

/** Sends a body in pieces. */
async function send(body: Buffer, random: Random): Promise<Outcome> {
  const { port } = server.address() as AddressInfo;
  const sent: ClientRequest = request({
    host: "127.0.0.1",
    port,
    method: "POST",
    agent: false,
    headers: { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}`, "Content-Length": body.length },
  });
  const answered = once(sent, "response");
  const count = outcomes.length;
  for (let at = 0; at < body.length; ) {
    const size = random.integer(1, random.integer(0, 1) === 0 ? 40 : 5_000);
    sent.write(body.subarray(at, at + size));
    at += size;
  }
  sent.end();
  const [answer] = await answered;
  answer.resume();
  const outcome = outcomes[count];
  if (outcome === undefined) throw new Error("nothing came of it");
  return outcome;
}

/** Contents that no delimiter stands in, but much that looks like the beginning of one. */
function contents(random: Random): Buffer {
  const bits = [
    "Здравствуйте",
    "\r\n",
    "\n",
    "\r",
    "--",
    "\r\n--",
    `\r\n--${BOUNDARY.slice(0, 20)}`,
    `--${BOUNDARY}`,
    '"',
    ";",
    "a",
    "\0",
  ];
  const made = Array.from({ length: random.integer(0, 12) }, () => bits[random.integer(0, bits.length - 1)] ?? "").join(
    "",
  );
  return Buffer.from(made.replaceAll(`\r\n--${BOUNDARY}`, "x").replace(new RegExp(`^--${BOUNDARY}`), "x"));
}

const NAMES = [
  "паспорт.jpg",
  'te"st.txt',
  "a b.txt",
  "a;b.txt",
  "",
  "C:\\a.txt",
  "a.txt;",
  "name=x.txt",
  "прига\u0301вор.pdf",
  "%41.txt",
];

/** One of the ways in which programs write a part's head. */
function headOf({ field, fileName }: Part, random: Random): string {
  const variants = [
    fileName === null ? `form-data; name="${field}"` : `form-data; name="${field}"; filename="${fileName}"`,
    fileName === null ? `form-data; name=${field}` : `form-data; name=${field}; filename="${fileName}"`,
    fileName === null ? `form-data; name="${field}";` : `form-data; filename="${fileName}"; name="${field}"`,
    fileName === null
      ? `FORM-DATA;NAME="${field}"`
      : `form-data; name="${field}"; filename*=UTF-8''${encodeURIComponent(fileName).replace(/'/g, "%27")}`,
    fileName === null ? `form-data;\r\n name="${field}"` : `form-data; name="${field}"; filename = "${fileName}" ;`,
  ];
  const disposition = `Content-Disposition: ${variants[random.integer(0, variants.length - 1)]}\r\n`;
  const types =
    fileName === null
      ? ["", "", "Content-Type: text/plain\r\n", "content-type: text/plain;charset=UTF-8\r\n"]
      : ["", "Content-Type: image/jpeg\r\n", "Content-Type: application/octet-stream\r\n"];
  const type = types[random.integer(0, types.length - 1)] ?? "";
  return random.integer(0, 1) === 0 ? disposition + type : type + disposition;
}

function make(random: Random): Sent {
  const parts: Part[] = [
    { field: "message", fileName: null, content: Buffer.concat([Buffer.from("письмо "), contents(random)]) },
  ];
  if (random.integer(0, 1) === 0) parts.push({ field: "contact", fileName: null, content: Buffer.from("Signal") });
  for (let count = random.integer(0, 4); count > 0; count -= 1) {
    parts.push({
      field: "documents",
      fileName: NAMES[random.integer(0, NAMES.length - 1)] ?? "",
      content: contents(random),
    });
  }
  parts.sort(() => random.integer(0, 1) - 0.5);
  const padding = ["", "", " ", "\t"];
  const heads = parts.map((each) => headOf(each, random));
  const doubtful = parts.some(({ fileName }, index) => fileName === null && /;\r\n(?! )/.test(heads[index] ?? ""));
  const bodies = parts.map(({ content }, index) =>
    Buffer.concat([
      Buffer.from(`--${BOUNDARY}${padding[random.integer(0, 3)]}\r\n${heads[index]}\r\n`),
      content,
      Buffer.from("\r\n"),
    ]),
  );
  const intact = Buffer.concat([
    Buffer.from(random.integer(0, 5) === 0 ? "preamble\r\n" : ""),
    ...bodies,
    Buffer.from(`--${BOUNDARY}--${random.integer(0, 1) === 0 ? "\r\n" : ""}`),
  ]);
  switch (random.integer(0, 9)) {
    case 0:
      return { parts, body: intact.subarray(0, random.integer(0, intact.length - 5)), whole: false, doubtful };
    case 1: {
      // A byte of a head or of a delimiter is changed, or one of the contents.
      const body = Buffer.from(intact);
      body[random.integer(0, body.length - 1)] = random.integer(0, 255);
      return { parts, body, whole: false, doubtful };
    }
    default:
      return { parts, body: intact, whole: true, doubtful };
  }
}

const said = (content: Buffer) => content.toString("utf8").replace(/\r\n|\r/g, "\n");

describe("a body of any program", () => {
  it(`is the whole letter, or is refused with the text given back, never less behind a receipt ${WITH_SEED}`, async () => {
    const random = new Random("odd bodies");
    let kept = 0;
    for (let count = 0; count < BODIES; count += 1) {
      const { parts, body, whole, doubtful } = make(random);
      const outcome = await send(body, random);
      const documents = parts.filter(
        ({ fileName, content }) => fileName !== null && (fileName !== "" || content.length > 0),
      );
      const message = parts.find(({ field }) => field === "message")?.content ?? Buffer.alloc(0);
      const where = `body ${count}: ${body.toString("latin1")}`;
      if ("kept" in outcome) {
        if (whole && doubtful) expect(where).toBe("refused");
        kept += 1;
        if (!whole) {
          // A changed byte is one of the contents, or joins two parts into one: all others are there nevertheless.
          const all = [
            ...outcome.kept.documents.map(([, content]) => content.toString("latin1")),
            JSON.stringify(outcome.kept.answers),
          ];
          const missing = documents.filter(
            ({ content }) => !all.some((each) => each.includes(content.toString("latin1"))),
          );
          const inText = documents.length - outcome.kept.documents.length;
          if (missing.length > 1 || inText > 1) expect([where, all]).toEqual([where, "kept with all of its documents"]);
          continue;
        }
        if (outcome.kept.documents.length !== documents.length) expect(where).toBe("kept with all of its documents");
        const same = outcome.kept.documents.every(([name, content], index) => {
          const sent = documents[index];
          return sent !== undefined && nameOf(sent) === name && content.equals(sent.content);
        });
        if (!same) expect([where, outcome.kept.documents]).toEqual([where, documents]);
        expect(outcome.kept.answers, where).toMatchObject({ message: said(message) });
      } else {
        if (whole && !doubtful) expect([where, outcome.refusal]).toEqual([where, "kept"]);
        const text = said(message);
        const came = body.includes(Buffer.concat([Buffer.from("\r\n\r\n"), message, Buffer.from(`\r\n--${BOUNDARY}`)]));
        const first = parts[0]?.field === "message" && body.indexOf(message) >= 0 && came;
        if (first && whole) expect(outcome.answers, where).toMatchObject({ message: text });
      }
    }
    expect(kept).toBeGreaterThan(BODIES / 2);
  });
});

/** What `%22`, `%0D` and `%0A` stand for in names, and a trailing backslash-quote, are the only escapes. */
function nameOf({ fileName }: Part): string {
  return fileName ?? "";
}

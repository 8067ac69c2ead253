import { generateKeyPairSync } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createLog } from "../../src/http/index.js";
import { loadTexts } from "../../src/locales/index.js";
import { AnsweredSenders, Answers, answerTransport } from "../../src/mail/index.js";
import { TestDns } from "../support/dns.js";
import { shareOf } from "../support/length.js";
import { freePort, STAFF, TestMail } from "../support/mail.js";
import { certify } from "../support/mail-server.js";
import { MAY_START_SERVERS, startPostfix } from "../support/mta.js";
import { eventually } from "../support/portal.js";
import { SmtpClient } from "../support/smtp.js";
import { requireTools } from "../support/tools.js";

const SITE = "https://portal.example.org/";
const WRITER = "mother@example.com";
const ANSWERED = "mail-answered.json";
const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "der" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const ZONE = {
  "s1._domainkey.example.com TXT": [`v=DKIM1; k=rsa; p=${publicKey.toString("base64")}`],
  "example.com TXT": ["v=spf1 ip4:127.0.0.1 -all"],
};

const { key, certificate } = certify();
let dns: TestDns;
let mail: TestMail;
/** The mailbox of whoever writes: it takes what ours sends, and nothing else. */
let mailbox: TestMail;
beforeAll(async () => {
  dns = await TestDns.start(ZONE);
  const tls = { key: key.toString(), cert: certificate };
  mailbox = await TestMail.start({ config: { addresses: [WRITER, "father@example.com", "info@example.com"] }, tls });
});
beforeEach(async () => {
  mail = await TestMail.start();
  await begin(mailbox.address);
});
afterEach(async () => {
  await mail.stop();
  await mailbox.empty();
});
afterAll(async () => {
  await mailbox.stop();
  dns.stop();
});

async function begin(smartHost: string, now?: () => Date): Promise<void> {
  await mail.end();
  await mail.begin({
    config: { resolvers: [dns.address] },
    ...(now && { now }),
    answers: async ({ folder, log }) =>
      new Answers({
        addresses: [STAFF, "letters@example.org"],
        site: SITE,
        answered: await AnsweredSenders.open(join(folder, "data", ANSWERED), now),
        transport: answerTransport(`smtp://${smartHost}`, STAFF),
        texts: loadTexts(),
        log: createLog({ write: (line: string) => void log.push(line) }),
      }),
  });
}

interface Letter {
  readonly from?: string;
  readonly envelope?: string;
  readonly to?: string;
  readonly subject?: string;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signed?: boolean;
}

/** Sends a letter as its provider signs it, and returns our server's reply. */
async function write(letter: Letter = {}): Promise<string> {
  const { from = WRITER, to = STAFF, subject = "Сын", text = "Помогите", headers = {}, signed = true } = letter;
  const dkim = { domainName: "example.com", keySelector: "s1", privateKey };
  const transport = createTransport({
    streamTransport: true,
    buffer: true,
    newline: "windows",
    ...(signed && { dkim }),
  });
  const { message } = await transport.sendMail({ from, to, subject, text, headers });
  const client = await SmtpClient.greeted(mail.address);
  const reply = await client.send(letter.envelope ?? from, [STAFF], String(message));
  client.end();
  return reply;
}

/** All answers that have arrived, as they came. */
async function answers(): Promise<string[]> {
  await eventually(async () => mail.server.census().answers === 0, "all answers are sent");
  const opened = await mailbox.open();
  return opened.map(({ files }) => files.at(-1)?.contents.toString() ?? "");
}

function decoded(message: string): string {
  const [head = "", body = ""] = message.split("\r\n\r\n");
  return /base64/i.test(head) ? Buffer.from(body, "base64").toString() : message.slice(head.length + 4);
}

describe("a receipt by mail", () => {
  it("is one sentence and the site's address in the letter's language, and holds nothing of the letter", async () => {
    expect(await write()).toMatch(/^250 /);
    const [answer = "", ...others] = await answers();
    expect(others).toEqual([]);
    const body = decoded(answer);
    expect(body.trim().split(/\r?\n/)).toEqual([
      "Мы получили ваше письмо; через наш сайт писать безопаснее.",
      "",
      SITE,
    ]);
    expect(answer).toMatch(/^Auto-Submitted: auto-replied\r$/m);
    expect(answer).toMatch(new RegExp(`^From: ${STAFF}\r$`, "m"));
    expect(answer).toMatch(new RegExp(`^To: ${WRITER}\r$`, "m"));
    expect(answer).not.toMatch(/^(?:In-Reply-To|References|Received: .*node)/im);
    for (const word of ["Сын", "Помогите"]) {
      expect(answer + body).not.toContain(word);
      expect(answer).not.toContain(Buffer.from(word).toString("base64"));
    }
    expect(mail.log).toEqual([]);
  });

  it("is in Ukrainian for a Ukrainian letter, and in all languages where that cannot be told", async () => {
    await write({ text: "Допоможіть, будь ласка" });
    await write({ from: "father@example.com", subject: "x", text: "12345" });
    const [first = "", second = ""] = (await answers()).map(decoded).sort((left, right) => left.length - right.length);
    expect(first).toContain("Ми отримали ваш лист");
    for (const words of ["Мы получили", "Ми отримали", "We have received"]) expect(second).toContain(words);
  });

  it("goes to one sender once a day, also after a restart, and again on the next day", async () => {
    let day = 26;
    const now = () => new Date(Date.UTC(2026, 10, day, 12));
    await begin(mailbox.address, now);
    await write();
    await write({ subject: "another" });
    expect(await answers()).toHaveLength(1);
    await begin(mailbox.address, now);
    await write({ subject: "a third", from: WRITER });
    expect(await answers()).toHaveLength(1);
    const path = join(mail.folder, "data", ANSWERED);
    const kept = await readFile(path, "utf8");
    expect(kept).not.toContain("example.com");
    expect((await stat(path)).mtimeMs % 86_400_000).toBe(0);
    day = 27;
    await write({ subject: "a fourth" });
    expect(await answers()).toHaveLength(2);
    expect(await readFile(path, "utf8")).not.toContain(JSON.parse(kept).key);
  });

  it("does not go out twice if what was noted cannot be read", async () => {
    await writeFile(join(mail.folder, "data", ANSWERED), "{");
    await begin(mailbox.address);
    await write();
    expect(await answers()).toEqual([]);
  });
});

describe("a receipt is never sent", () => {
  it.each(
    shareOf<readonly [string, Letter]>(
      [
        ["to a bounce", { envelope: "" }],
        ["to what a program has written", { headers: { "Auto-Submitted": "auto-generated" } }],
        ["to an answer of a program", { headers: { "Auto-Submitted": "auto-replied (vacation)" } }],
        ["to mail in bulk", { headers: { Precedence: "bulk" } }],
        ["to a list", { headers: { "List-Id": "<news.example.com>" } }],
        ["to a list that can be left", { headers: { "List-Unsubscribe": "<mailto:a@example.com>" } }],
        ["to who asks for none", { headers: { "X-Auto-Response-Suppress": "OOF" } }],
        ["to a copy that does not name us", { to: "someone@example.net" }],
        ["to an address that nobody reads", { from: "no-reply@example.com" }],
        ["to a program's address", { from: "MAILER-DAEMON@example.com" }],
        ["to a list's address", { from: "news-request@example.com" }],
        ["to our own address", { from: STAFF, signed: false }],
        ["where author and sender differ", { envelope: "father@example.com" }],
        ["where nothing proves the sender", { from: "mother@example.net", signed: false }],
      ],
      2,
    ),
  )("%s", async (_why, letter) => {
    expect(await write(letter)).toMatch(/^250 /);
    // One that is answered comes after it: whatever the first one caused has been sent by then.
    expect(await write({ from: "info@example.com" })).toMatch(/^250 /);
    const [answer = "", ...others] = await answers();
    expect(others).toEqual([]);
    expect(answer).toMatch(/^To: info@example.com\r$/m);
  });

  it("where the operator has not said so", async () => {
    await mail.end();
    await mail.begin({ config: { resolvers: [dns.address] } });
    expect(await write()).toMatch(/^250 /);
    expect(await mailbox.stored()).toEqual([]);
  });
});

describe("a receipt that cannot be sent", () => {
  it("delays and loses no letter, and the log says only that answers fail", async () => {
    await begin(`127.0.0.1:${await freePort()}`);
    for (const from of [WRITER, "father@example.com"]) expect(await write({ from })).toMatch(/^250 /);
    await eventually(async () => mail.server.census().answers === 0, "both are dropped");
    expect(await mail.stored()).toHaveLength(2);
    expect(mail.log).toHaveLength(1);
    expect(mail.log.join()).toContain('"part":"answering","code":"not_sent"');
    expect(mail.log.join()).not.toMatch(/example\.com|mother/);
  });
});

const servers = MAY_START_SERVERS || process.env.POSTERN_REQUIRE_ALL === "1";
describe.runIf(servers && requireTools("receipts through Postfix", "postfix"))("a receipt through Postfix", () => {
  it("arrives with no sender to bounce to", async () => {
    const postfix = await startPostfix({ port: Number(mailbox.address.split(":")[1]) });
    try {
      await begin(postfix.address);
      expect(await write()).toMatch(/^250 /);
      await eventually(async () => (await mailbox.stored()).length === 1, "it has arrived");
      const [answer = ""] = await answers();
      expect(answer).toMatch(/^Auto-Submitted: auto-replied\r$/m);
      expect(decoded(answer)).toContain(SITE);
      expect(await postfix.log()).toMatch(/from=<>/);
    } finally {
      await postfix.stop();
    }
  });
});

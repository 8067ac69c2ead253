import { generateKeyPairSync } from "node:crypto";
import { createTransport } from "nodemailer";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { TestDns, type Zone } from "../support/dns.js";
import { STAFF, TestMail } from "../support/mail.js";
import { SmtpClient } from "../support/smtp.js";

const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "der" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const KEY = { "s1._domainkey.example.com TXT": [`v=DKIM1; k=rsa; p=${publicKey.toString("base64")}`] };
const SPF = { "example.com TXT": ["v=spf1 ip4:127.0.0.1 -all"] };
const NO_SPF = { "example.com TXT": ["v=spf1 -all"] };
const POLICY = { "_dmarc.example.com TXT": ["v=DMARC1; p=reject"] };

let mail: TestMail;
let dns: TestDns;
beforeAll(async () => {
  dns = await TestDns.start({});
  mail = await TestMail.start({ config: { resolvers: [dns.address] } });
});
afterEach(async () => {
  await mail.renew();
  dns.silent = false;
  dns.asked.length = 0;
});
afterAll(async () => {
  await mail.stop();
  dns.stop();
});

interface Sent {
  readonly zone: Zone;
  readonly from?: string;
  readonly envelope?: string;
  readonly signed?: boolean;
  /** What somebody on the way makes of the message. */
  readonly change?: (message: string) => string;
  readonly headerFieldNames?: string;
}

/** A message as nodemailer signs it. */
async function message({ from = "Мама <mother@example.com>", signed = true, headerFieldNames }: Sent): Promise<string> {
  const transport = createTransport({
    streamTransport: true,
    buffer: true,
    newline: "windows",
    ...(signed && {
      dkim: { domainName: "example.com", keySelector: "s1", privateKey, ...(headerFieldNames && { headerFieldNames }) },
    }),
  });
  const { message: built } = await transport.sendMail({ from, to: STAFF, subject: "Сын", text: "Помогите" });
  return String(built);
}

/** What is archived of the sender. */
async function checked(sent: Sent) {
  dns.zone = sent.zone;
  const client = await SmtpClient.greeted(mail.address);
  const built = await message(sent);
  const answer = await client.send(sent.envelope ?? "mother@example.com", [STAFF], sent.change?.(built) ?? built);
  client.end();
  expect(answer).toMatch(/^250 /);
  const [opened] = await mail.open();
  return opened;
}

describe("the sender of a letter is proved for its domain", () => {
  it.each<[string, Sent, object]>([
    [
      "by DKIM and SPF",
      { zone: { ...KEY, ...SPF, ...POLICY } },
      { spf: "pass example.com", dkim: "pass example.com", dmarc: "pass example.com" },
    ],
    [
      "by DKIM alone, as after forwarding",
      { zone: { ...KEY, ...NO_SPF, ...POLICY } },
      { spf: "fail example.com", dkim: "pass example.com", dmarc: "pass example.com" },
    ],
    [
      "by SPF alone",
      { zone: { ...SPF, ...POLICY }, signed: false },
      { spf: "pass example.com", dkim: "none", dmarc: "pass example.com" },
    ],
    [
      "by DKIM where no policy is published",
      { zone: KEY },
      { spf: "none example.com", dkim: "pass example.com", dmarc: "none" },
    ],
    [
      "by DKIM of the domain above it",
      { zone: { ...KEY, ...POLICY }, from: "a@mail.example.com" },
      { dkim: "pass example.com", dmarc: "pass mail.example.com" },
    ],
  ])("%s", async (_how, sent, results) => {
    const opened = await checked(sent);
    const domain = sent.from === undefined ? "example.com" : "mail.example.com";
    expect(opened?.record.mail).toMatchObject({ sender: { ...results, proved: domain } });
    expect(opened?.letter).toContain(`От кого (подтверждён только домен ${domain})\n`);
    expect(mail.log).toEqual([]);
  });
});

describe("the sender of a letter is not proved", () => {
  const all = { ...KEY, ...SPF, ...POLICY };
  const doubled = (built: string) => built.replace(/^From: .*$/m, "From: a@example.com\r\n$&");
  it.each<[string, Sent]>([
    ["if the DNS knows nothing", { zone: {} }],
    [
      "if the text was changed",
      { zone: { ...KEY, ...POLICY }, change: (built) => built.replace(/\r\n\r\n/, "\r\n\r\nx") },
    ],
    [
      "if the author was changed",
      { zone: { ...KEY, ...POLICY }, change: (built) => built.replace("mother@", "father@") },
    ],
    ["if there are two authors", { zone: all, change: doubled }],
    ["if the signature leaves out the author", { zone: { ...KEY, ...POLICY }, headerFieldNames: "subject:to" }],
    [
      "if another domain has signed it",
      { zone: { ...KEY, ...POLICY }, from: "a@example.net", envelope: "a@example.net" },
    ],
    [
      "if another domain has sent it",
      { zone: { ...SPF, "_dmarc.example.net TXT": ["v=DMARC1; p=none"] }, from: "a@example.net", signed: false },
    ],
    [
      "if the key is another's",
      {
        zone: {
          ...POLICY,
          "s1._domainkey.example.com TXT": [
            `v=DKIM1; p=${generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "der" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } }).publicKey.toString("base64")}`,
          ],
        },
      },
    ],
    [
      "if the signature is of a part of the text",
      { zone: { ...KEY, ...POLICY }, change: (built) => built.replace("a=rsa-sha256", "a=rsa-sha256; l=1") },
    ],
    [
      "if it has more signatures than anybody needs",
      {
        zone: { ...KEY, ...POLICY },
        change: (built) =>
          "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1; h=from; bh=x; b=x\r\n".repeat(5) + built,
      },
    ],
  ])("%s", async (_why, sent) => {
    const opened = await checked(sent);
    expect(opened?.record.mail).toMatchObject({ sender: { proved: "" } });
    expect(opened?.letter).toContain("От кого (не подтверждено)\n");
  });

  it("if the DNS does not answer, and the letter is stored all the same", async () => {
    dns.silent = true;
    const opened = await checked({ zone: all });
    expect(opened?.record.mail).toMatchObject({ sender: { spf: expect.stringMatching(/^temperror/), proved: "" } });
  });

  it("where the operator has not asked for it, and then nobody is asked", async () => {
    await mail.end();
    await mail.begin({});
    const opened = await checked({ zone: all });
    expect(opened?.record.mail).not.toHaveProperty("sender");
    expect(dns.asked).toEqual([]);
  });
});

describe("a check of the sender is bounded", () => {
  it("in what it asks, however long a chain the sender's domain makes", async () => {
    const chain = Array.from({ length: 60 }, (_, index) => [
      `${index === 0 ? "" : `c${index}.`}example.com TXT`,
      [`v=spf1 include:c${index + 1}.example.com a mx ptr exists:%{i}.example.com -all`],
    ]);
    const opened = await checked({ zone: Object.fromEntries(chain) });
    expect(opened?.record.mail).toMatchObject({ sender: { spf: "permerror example.com", proved: "" } });
    expect(dns.asked.length).toBeLessThanOrEqual(60);
  });

  it("by the time that hostile heads and bodies may take", async () => {
    const signature = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1; h=from; bh=x; b=x";
    const hostile = [
      `From: a@example.com\r\n${signature}\r\n${"X: y\r\n z\r\n".repeat(40_000)}\r\nx`,
      `From: a@example.com\r\n${signature}\r\n\r\n${"\n".repeat(1_000_000)}`,
      `From: a@example.com\r\n${signature}\r\n\r\n${"\r\n".repeat(1_000_000)}x`,
      `From: a@example.com\r\n${signature}\r\n\r\n${" \t".repeat(2_000_000)}x`,
      `From: ${"a@example.com, ".repeat(7_000)}\r\n${signature}\r\n\r\nx`,
      `From: a@example.com\r\n${signature}${"; z=".repeat(20_000)}\r\n\r\nx`,
      `From: a@example.com\r\n${signature.replace("h=from", `h=${"from:".repeat(20_000)}`)}\r\n\r\nx`,
    ];
    dns.zone = { ...KEY, ...POLICY };
    const client = await SmtpClient.greeted(mail.address);
    for (const each of hostile) expect(await client.send("a@example.com", [STAFF], each)).toMatch(/^250 /);
    client.end();
    // None of them has ended the thread.
    expect(mail.log).toEqual([]);
    expect(await mail.stored()).toHaveLength(hostile.length);
  });
});

import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { atLength } from "../support/length.js";
import { base64, mimeMessage, STAFF } from "../support/mail.js";
import { MailProcess } from "../support/mail-process.js";
import { eventually } from "../support/portal.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { SmtpClient } from "../support/smtp.js";
import { traces } from "../support/traces.js";

/** One string for each place of a mail; none occurs anywhere else. */
const CANARIES = {
  sender: "canary-sender-4f1a@example.com",
  helo: "canary-helo-91bc.example.com",
  subject: "канарейка-тема-3f9c",
  header: "canary-header-77ab",
  text: "канарейка-текст-15cd",
  fileName: "канарейка-имя-90ef.pdf",
  file: "канарейка-документ-2b4d",
  messageId: "canary-id-6a8c@example.com",
};
const FIRST_CHARS = 10;

let mail: MailProcess;
beforeEach(async () => {
  mail = await MailProcess.start({ POSTERN_MAIL_MAX_MESSAGE: "30MiB" });
});
afterEach(() => mail.stop());

function letter(bytes: number): Buffer {
  const document = Buffer.alloc(bytes);
  for (let at = 0; at + 64 < bytes; at += 3 * 1024) document.write(CANARIES.file, at);
  return mimeMessage(
    [
      `From: <${CANARIES.sender}>`,
      `Subject: ${CANARIES.subject}`,
      `X-Header: ${CANARIES.header}`,
      `Message-ID: <${CANARIES.messageId}>`,
    ],
    ["Content-Type: text/plain; charset=utf-8", CANARIES.text],
    [
      `Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="${CANARIES.fileName}"\r\nContent-Transfer-Encoding: base64`,
      base64(document),
    ],
  );
}

/** Everything the process could have written: its folder, what it says, and its open files without a name. */
async function expectNoTrace(): Promise<void> {
  const places = new Map<string, Buffer>([["what it says", Buffer.from(mail.said + currentOutput())]]);
  for (const entry of await readdir(mail.folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    places.set(`the name ${path}`, Buffer.from(path));
    if (entry.isFile()) places.set(path, await readFile(path).catch(() => Buffer.alloc(0)));
  }
  for (const [index, contents] of (await openFiles()).entries()) places.set(`open file ${index}`, contents);
  for (const [place, contents] of places) {
    for (const canary of Object.values(CANARIES)) {
      for (const trace of traces(canary)) {
        if (contents.includes(trace)) expect.fail(`${canary.slice(0, FIRST_CHARS)}… left a trace in ${place}`);
      }
    }
  }
}

function currentOutput(): string {
  try {
    const { stdout, stderr } = mail.process.output;
    return stdout + stderr;
  } catch {
    return "";
  }
}

async function openFiles(): Promise<Buffer[]> {
  const found: Buffer[] = [];
  let pid: number | undefined;
  try {
    pid = mail.process.process.pid;
  } catch {
    return found;
  }
  const folder = `/proc/${pid}/fd`;
  for (const name of await readdir(folder).catch(() => [])) {
    const target = await readlink(join(folder, name)).catch(() => "");
    if (target.startsWith(mail.folder)) found.push(await readFile(join(folder, name)).catch(() => Buffer.alloc(0)));
  }
  return found;
}

async function begin(): Promise<SmtpClient> {
  const client = await SmtpClient.connect(mail.address);
  await client.reply();
  await client.say(`EHLO ${CANARIES.helo}`);
  return client;
}

async function beginData(): Promise<SmtpClient> {
  const client = await begin();
  await client.say(`MAIL FROM:<${CANARIES.sender}>`);
  await client.say(`RCPT TO:<${STAFF}>`);
  await client.say("DATA");
  return client;
}

describe("nothing readable of a mail is ever written", () => {
  it("when it is stored, and everything has the day as its time", async () => {
    const client = await begin();
    expect(await client.send(CANARIES.sender, [STAFF], letter(300_000))).toMatch(/^250 /);
    client.end();
    await expectNoTrace();
    for (const name of ["", "submissions", "mail", "mail-ids.json", `submissions/${(await mail.stored())[0]}`]) {
      expect((await stat(join(mail.folder, "data", name))).mtimeMs % 86_400_000, name).toBe(0);
    }
  });

  it("when it is refused", async () => {
    const client = await begin();
    await client.say(`RCPT TO:<${CANARIES.sender}>`);
    expect(await client.send(CANARIES.sender, [CANARIES.sender], letter(1_000))).toMatch(/^550 /);
    await client.say("RSET");
    expect(await client.send(CANARIES.sender, [STAFF], letter(24 * 1024 * 1024))).toMatch(/^552 /);
    await client.say(CANARIES.subject);
    client.write(`${CANARIES.header.repeat(2_000)}\r\n`);
    await client.reply();
    client.end();
    await expectNoTrace();
    expect(await mail.stored()).toEqual([]);
  });

  it.each(["broken", "killed"] as const)("when the connection or the process is %s in the midst of it", async (end) => {
    const client = await beginData();
    client.write(letter(6_000_000));
    // The spool has no name, but its contents can be looked at through the process: they are there, and unreadable.
    await eventually(
      async () => (await openFiles()).reduce((sum, { length }) => sum + length, 0) > 4_000_000,
      "the message is in the spool",
    );
    await expectNoTrace();
    if (end === "broken") {
      client.end();
      await eventually(async () => (await openFiles()).length === 0, "the spool is gone");
    } else {
      await mail.end("SIGKILL");
      client.end();
    }
    await expectNoTrace();
    expect(await readdir(join(mail.folder, "data/mail"))).toEqual([]);
    expect(await mail.stored()).toEqual([]);
  });

  it(`when the process is killed while it parses, encrypts or stores, again and again ${WITH_SEED}`, async () => {
    const random = new Random("mail killed");
    for (let round = 0; round < atLength(2, 6); round += 1) {
      const client = await beginData();
      client.write(letter(5_000_000));
      client.write("\r\n.\r\n");
      await Promise.race([client.reply(), delay(random.integer(20, 900))]);
      await mail.end("SIGKILL");
      client.end();
      await expectNoTrace();
      await mail.begin();
      expect(await readdir(join(mail.folder, "data/mail"))).toEqual([]);
    }
    expect((await mail.stored()).length).toBeLessThanOrEqual(1);
    // Sent once more, it is there once, whether it was stored before or not.
    const client = await beginData();
    client.write(letter(5_000_000));
    client.write("\r\n.\r\n");
    expect(await client.reply()).toMatch(/^250 /);
    client.end();
    await expectNoTrace();
    expect(await mail.open()).toHaveLength(1);
  });
});

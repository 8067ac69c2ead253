import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { poll } from "../support/browsers.js";
import { atLength } from "../support/length.js";
import { STAFF } from "../support/mail.js";
import { MailProcess } from "../support/mail-process.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { SmtpClient } from "../support/smtp.js";

const ROUNDS = atLength(2, 6);
const SENDERS = 4;

let mail: MailProcess;
beforeEach(async () => {
  mail = await MailProcess.start();
});
afterEach(() => mail.stop());

describe("a mail server killed at any instant", () => {
  it(`has every letter that it answered with 250 once, though all are sent until then ${WITH_SEED}`, async () => {
    const random = new Random("mail rounds");
    const text = Buffer.from(random.bytes(40_000)).toString("hex");
    const sent: string[] = [];
    let running = true;
    const write = async (sender: number) => {
      for (let turn = 0; running; turn += 1) {
        const subject = `letter ${sender}-${turn}`;
        // A server that got no answer sends again and again.
        for (let taken = false; !taken; ) taken = await trySending(subject, text);
        sent.push(subject);
      }
    };
    const senders = Array.from({ length: SENDERS }, (_, sender) => write(sender));
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = sent.length;
      // However slow the machine is, there is something to lose at every kill.
      await poll("a letter", async () => (sent.length > before ? true : null), 60_000);
      await delay(random.integer(0, 700));
      await mail.end("SIGKILL");
      await mail.begin();
    }
    running = false;
    await Promise.all(senders);
    const subjects = (await mail.open()).map(({ record }) => String(record.answers.subject));
    expect([...subjects].sort()).toEqual([...sent].sort());
    expect(mail.said).not.toContain("internal");
  });
});

/** Whether the server took it. */
async function trySending(subject: string, text: string): Promise<boolean> {
  const client = await SmtpClient.greeted(mail.address).catch(() => null);
  if (client === null) {
    await delay(20);
    return false;
  }
  const message = `From: a@example.com\r\nMessage-ID: <${subject.replace(" ", "-")}@example.com>\r\nSubject: ${subject}\r\n\r\n${text}\r\n`;
  const answer = await client.send("a@example.com", [STAFF], message);
  client.end();
  return answer.startsWith("250 ");
}

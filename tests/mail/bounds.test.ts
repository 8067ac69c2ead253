import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { shareOf } from "../support/length.js";
import { STAFF, TestMail } from "../support/mail.js";
import { SmtpClient } from "../support/smtp.js";

const MIB = 1024 * 1024;
/** More memory than this means that a parser took a message apart that it should have left whole. */
const MAX_GROWTH_BYTES = 400 * MIB;
const html = (body: string) => `Content-Type: text/html\r\n\r\n${body}`;

function attachments(name: string): string {
  const part = `--b\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\nx\r\n`;
  return `Content-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(100)}--b--\r\n`;
}

/** Each of these costs an unbounded parser seconds or gigabytes. */
const COSTLY = shareOf<readonly [what: string, message: string]>(
  [
    ["of nothing but line ends", `a: b\r\n\r\n${"\r\n".repeat(900_000)}`],
    ["of lines that flow", `Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n${"a \r\n".repeat(900_000)}`],
    ["of short lines of base64 between empty ones", `a: b\r\n\r\n${"QUJD\r\n\r\n".repeat(450_000)}`],
    ["of one line of 40 MiB", `a: b\r\n\r\n${"x".repeat(40 * MIB)}`],
    ["of HTML that nests without an end", html("<div>".repeat(200_000))],
    ["of tables in tables", html("<table><tr><td>".repeat(70_000))],
    ["from more senders than there are", `From: ${"a@b, ".repeat(350_000)}\r\n\r\nx`],
    ["from groups in groups", `From: ${"a:".repeat(750_000)}\r\n\r\nx`],
    ["with a subject in many words", `Subject: ${"=?utf-8?B?0KHRi9C9?= ".repeat(75_000)}\r\n\r\nx`],
    ["with many words in many names", attachments(`${"=?utf-8?B?0KHRi9C9?= ".repeat(200)}`)],
    ["of empty lines between two words", `a: b\r\n\r\nx${"\r\n".repeat(45_000)}x`],
    ["of lists in lists", html("<ol><li>a".repeat(20_000))],
  ],
  3,
);

let mail: TestMail;
beforeEach(async () => {
  mail = await TestMail.start();
});
afterEach(() => mail.stop());

describe("a message that would cost a parser seconds and gigabytes", () => {
  it("is kept whole, and several at once take no more memory than one", async () => {
    const before = process.memoryUsage.rss();
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
    }, 20);
    try {
      for (const [what, message] of COSTLY) {
        const answers = await Promise.all([1, 2, 3, 4].map((copy) => send(`X-Copy: ${copy}\r\n${message}`)));
        for (const answer of answers) expect(answer, what).toMatch(/^250 /);
      }
    } finally {
      clearInterval(watch);
    }
    expect(await mail.stored()).toHaveLength(4 * COSTLY.length);
    // What the test itself sends is in this process too: four copies of 40 MiB, and their stuffing.
    expect(peak - before).toBeLessThan(MAX_GROWTH_BYTES + 4 * 4 * 40 * MIB);
    expect(mail.log).toEqual([]);
  });
});

describe("a message that takes longer than any should", () => {
  it("ends only the thread that reads it: it is kept whole, and the next is read as ever", async () => {
    await mail.end();
    await mail.begin({ readTimeoutMs: 1 });
    const message = `From: a@example.com\r\nSubject: slow\r\n\r\n${"text\r\n".repeat(1_000)}`;
    for (const copy of [1, 2]) expect(await send(`X-Copy: ${copy}\r\n${message}`)).toMatch(/^250 /);
    for (const { files, record } of await mail.open()) {
      expect(record.answers).toEqual({ subject: "", message: "" });
      expect(files.map(({ name }) => name)).toEqual(["message.eml"]);
    }
    expect(mail.log).toHaveLength(1);
    expect(mail.log[0]).toContain('"part":"reading","code":"timeout"');
    await mail.end();
    await mail.begin({});
    expect(await send(`X-Copy: 3\r\n${message}`)).toMatch(/^250 /);
    expect((await mail.open()).map(({ record }) => record.answers.subject)).toContain("slow");
  });
});

async function send(message: string): Promise<string> {
  const client = await SmtpClient.greeted(mail.address);
  try {
    return await client.send("a@example.com", [STAFF], message);
  } finally {
    client.end();
  }
}

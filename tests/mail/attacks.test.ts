import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { type MailOptions, STAFF, TestMail } from "../support/mail.js";
import { certify, outerAddress } from "../support/mail-server.js";
import { eventually } from "../support/portal.js";
import { SmtpClient } from "../support/smtp.js";

const MIB = 1024 * 1024;
const FEW = {
  connections: { max: 40, share: 20 },
  messages: { max: 8, share: 2 },
  perMinute: 5,
  allPerMinute: 100,
  slowMs: 60_000,
};
const letter = (subject: string) => `From: a@example.com\r\nSubject: ${subject}\r\n\r\ntext\r\n`;

let mail: TestMail;
afterEach(() => mail.stop());

describe("STARTTLS", () => {
  it("takes nothing that was said before it into the encrypted session", async () => {
    const { key, certificate } = certify();
    mail = await TestMail.start({ tls: { key: key.toString(), cert: certificate } });
    const [host = "", port] = mail.address.split(":");
    const plain = connect(Number(port), host);
    await once(plain, "data");
    plain.write("EHLO client.test\r\n");
    await once(plain, "data");
    // In one packet: whoever is on the way puts a command behind that of the client.
    plain.write(`STARTTLS\r\nMAIL FROM:<evil@example.com>\r\nRCPT TO:<${STAFF}>\r\n`);
    const [answer] = await once(plain, "data");
    expect(String(answer)).toMatch(/^220 [^\n]*\n$/);
    const secure = connectTls({ socket: plain, rejectUnauthorized: false });
    const outcome = await Promise.race([
      once(secure, "secureConnect").then(() => "secure"),
      once(secure, "error").then(() => "refused"),
      once(secure, "close").then(() => "refused"),
    ]);
    if (outcome === "secure") {
      let said = "";
      secure.on("data", (chunk: Buffer) => {
        said += chunk.toString();
      });
      secure.write("EHLO client.test\r\nDATA\r\n");
      await eventually(async () => /^5\d\d [^\n]*\n/m.test(said) || secure.destroyed, "DATA is answered");
      expect(said).not.toMatch(/^354/m);
    }
    secure.destroy();
    expect(await mail.stored()).toEqual([]);
  });
});

const OUTSIDE = outerAddress();
const hasNetwork = OUTSIDE !== "0.0.0.0";
if (!hasNetwork && process.env.POSTERN_REQUIRE_ALL === "1") throw new Error("this machine has no network");

/** An address of this machine that is not loopback counts as another network's. */
describe.runIf(hasNetwork)("one network that takes all it can", () => {
  const begin = async (options: MailOptions) => {
    mail = await TestMail.start({ ...options, everywhere: true });
  };
  const attacker = () => SmtpClient.greeted(mail.address.replace("127.0.0.1", OUTSIDE));
  const other = () => SmtpClient.greeted(mail.address);

  it("with messages that never end, leaves others their places", async () => {
    await begin({ limits: FEW });
    const slow = await Promise.all(Array.from({ length: 4 }, () => attacker()));
    const answers: string[] = [];
    for (const client of slow) {
      await client.say("MAIL FROM:<a@example.com>");
      await client.say(`RCPT TO:<${STAFF}>`);
      answers.push(await client.say("DATA"));
      client.write("From: a@example.com\r\n");
    }
    expect(answers.every((answer) => answer.startsWith("354"))).toBe(true);
    await eventually(async () => mail.server.census().messages === 2, "it has its share");
    const another = await other();
    expect(await another.send("b@example.com", [STAFF], letter("other"))).toMatch(/^250 /);
    for (const client of [...slow, another]) client.end();
    await eventually(async () => Object.values(mail.server.census()).every((held) => held === 0), "nothing is held");
  });

  it("with messages that hardly move, loses its places once half of all are taken", async () => {
    await begin({ limits: { ...FEW, messages: { max: 2, share: 2 }, slowMs: 200 } });
    const [first, second] = [await attacker(), await other()];
    for (const client of [first, second]) {
      await client.say("MAIL FROM:<a@example.com>");
      await client.say(`RCPT TO:<${STAFF}>`);
      expect(await client.say("DATA")).toMatch(/^354/);
      client.write("From: a@example.com\r\n");
    }
    // Both are slow, and each gives way only while it makes a crowd.
    await eventually(async () => first.closed || second.closed, "one of them is dropped");
    const third = await other();
    expect(await third.send("b@example.com", [STAFF], letter("third"))).toMatch(/^250 /);
    for (const client of [first, second, third]) client.end();
  });

  it("with letters or with addresses that it tries out, is told to wait, and others are not", async () => {
    await begin({ limits: FEW });
    const client = await attacker();
    const answers: string[] = [];
    await client.say("MAIL FROM:<a@example.com>");
    for (let index = 0; index < 8; index += 1) answers.push(await client.say(`RCPT TO:<name${index}@example.org>`));
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual([...Array(4).fill("550"), ...Array(4).fill("451")]);
    client.end();
    const again = await attacker();
    expect(await again.say("MAIL FROM:<a@example.com>")).toMatch(/^451 too many letters from your network/);
    again.end();
    const another = await other();
    expect(await another.send("b@example.com", [STAFF], letter("other"))).toMatch(/^250 /);
    another.end();
  });

  it("with bytes, is told that there is no room before others are", async () => {
    await begin({ config: { maxIncoming: 12 * MIB } });
    const greedy = await attacker();
    await greedy.say("MAIL FROM:<a@example.com>");
    await greedy.say(`RCPT TO:<${STAFF}>`);
    await greedy.say("DATA");
    const line = `${"x".repeat(998)}\r\n`;
    greedy.write(line.repeat(9_000));
    await eventually(async () => (mail.server.census().written ?? 0) > 8 * MIB, "most has arrived");
    const another = await other();
    expect(await another.send("b@example.com", [STAFF], letter("other"))).toMatch(/^250 /);
    greedy.write(`${line.repeat(9_000)}.\r\n`);
    expect(await greedy.reply()).toMatch(/^452 /);
    for (const client of [greedy, another]) client.end();
    expect(await mail.underWay()).toEqual([]);
  });
});

describe("lines without an end", () => {
  it("end the connection, not the server", async () => {
    mail = await TestMail.start();
    const client = await SmtpClient.greeted(mail.address);
    await eventually(async () => {
      if (!client.closed) client.write("A".repeat(256 * 1024));
      return client.closed;
    }, "the connection is closed");
    const next = await SmtpClient.greeted(mail.address);
    expect(await next.send("a@example.com", [STAFF], letter("next"))).toMatch(/^250 /);
    next.end();
  });
});

import { createTransport } from "nodemailer";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { StoreError } from "../../src/store/index.js";
import { base64, mimeMessage, STAFF, TestMail } from "../support/mail.js";
import { certify } from "../support/mail-server.js";
import { eventually } from "../support/portal.js";
import { Random } from "../support/seed.js";
import { SmtpClient } from "../support/smtp.js";

const random = new Random("mail server");
const PHOTO = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), random.bytes(40_000)]);
const plain = (subject: string, text: string, ...headers: readonly string[]) =>
  [`From: writer@example.com`, `To: ${STAFF}`, `Subject: ${subject}`, ...headers, "", text, ""].join("\r\n");

let mail: TestMail;
beforeAll(async () => {
  mail = await TestMail.start();
});
afterEach(() => mail.renew());
afterAll(() => mail.stop());

async function send(message: string | Uint8Array, to: readonly string[] = [STAFF]): Promise<string> {
  const client = await SmtpClient.greeted(mail.address);
  try {
    return await client.send("writer@example.com", to, message);
  } finally {
    client.end();
  }
}

/** Everything that a message holds is given back once its connection is over. */
async function expectNothingHeld(): Promise<void> {
  await eventually(async () => Object.values(mail.server.census()).every((held) => held === 0), "nothing is held");
  expect(await mail.underWay()).toEqual([]);
}

describe("a letter by mail", () => {
  it("becomes one case, with its text, its documents byte for byte, and the message as it came", async () => {
    const message = mimeMessage(
      [
        "From: =?koi8-r?B?7cHNwQ==?= <mother@example.com>",
        `To: ${STAFF}`,
        `Subject: =?utf-8?B?${Buffer.from("О моём сыне").toString("base64")}?=`,
        "Message-ID: <1@example.com>",
      ],
      [
        "Content-Type: text/plain; charset=windows-1251\r\nContent-Transfer-Encoding: 8bit",
        Buffer.from([0xcf, 0xee, 0xec, 0xee, 0xe3, 0xe8, 0xf2, 0xe5]),
      ],
      [
        `Content-Type: image/jpeg\r\nContent-Disposition: attachment; filename*=utf-8''${encodeURIComponent("паспорт.jpg")}\r\nContent-Transfer-Encoding: base64`,
        base64(PHOTO),
      ],
      [
        `Content-Type: image/jpeg; name="=?utf-8?B?${Buffer.from("паспорт.jpg").toString("base64")}?="\r\nContent-Transfer-Encoding: base64`,
        base64(PHOTO.subarray(0, 100)),
      ],
    );
    expect(await send(message)).toBe("250 the letter is encrypted and stored");
    const [opened, ...others] = await mail.open();
    expect(others).toEqual([]);
    expect(opened?.letter).toBe(
      [
        "Письмо по электронной почте",
        "Тема\nО моём сыне",
        "От кого (не подтверждено)\nМама <mother@example.com>",
        "Дата\n2026-11-26T07:00:00.000Z",
        "Текст\nПомогите",
        "Приложенные документы\n01-паспорт.jpg\n02-паспорт.jpg\n03-message.eml\n",
      ].join("\n\n"),
    );
    expect(opened?.record).toMatchObject({
      form: { id: "mail", version: 1 },
      encrypted: "mail",
      language: "ru",
      answers: { subject: "О моём сыне", message: "Помогите" },
      mail: { from: "Мама <mother@example.com>", to: STAFF, date: "2026-11-26T07:00:00.000Z" },
      followUp: false,
    });
    expect(opened?.record.reply).toBeUndefined();
    expect(opened?.files.map(({ name }) => name)).toEqual(["паспорт.jpg", "паспорт.jpg", "message.eml"]);
    const [first, second, last] = opened?.files ?? [];
    expect(first?.contents.equals(PHOTO)).toBe(true);
    expect(second?.contents.equals(PHOTO.subarray(0, 100))).toBe(true);
    expect(last?.contents.equals(message)).toBe(true);
    await expectNothingHeld();
    expect(mail.log).toEqual([]);
  });

  it("is read from HTML where there is no text, without what a page loads", async () => {
    const html = `<html><head><style>p{color:red}</style></head><body><h1>Прошение</h1><p>Мой сын <b>Иван</b></p>
      <img src="https://tracker.example/1.gif" alt="картинка"><a href="https://example.org/дело">дело</a><script>x()</script></body></html>`;
    await send(plain("HTML", html, "Content-Type: text/html; charset=utf-8"));
    const [opened] = await mail.open();
    expect(opened?.record.answers.message).toBe("Прошение\n\nМой сын Иван\n\nдело [https://example.org/дело]");
  });

  it("is sent by nodemailer, with a document of many megabytes", async () => {
    const [host = "", port] = mail.address.split(":");
    const document = Buffer.from(random.bytes(12 * 1024 * 1024));
    const transport = createTransport({ host, port: Number(port), ignoreTLS: true });
    await transport.sendMail({
      from: "Дочь <daughter@example.com>",
      to: STAFF,
      subject: "Приговор",
      text: ".\n..\n.начало с точки\n",
      attachments: [{ filename: "приговор.pdf", content: document }],
    });
    const [opened] = await mail.open();
    expect(opened?.record.answers.message).toBe(".\n..\n.начало с точки");
    expect(opened?.files[0]?.contents.equals(document)).toBe(true);
  });

  it.each([
    ["a head without an end", "Subject: only a head"],
    ["nothing at all", ""],
    ["bytes that are no mail", Buffer.from(random.bytes(5_000).map((byte) => (byte === 13 || byte === 10 ? 1 : byte)))],
    ["more boundaries than a parser should see", plain("x", "--a\r\n".repeat(10_001))],
    ["more depth than a parser should follow", nested(200)],
  ])("is kept whole where it is %s", async (_what, message) => {
    expect(await send(message)).toMatch(/^250 /);
    const [opened, ...others] = await mail.open();
    expect(others).toEqual([]);
    const last = opened?.files.at(-1);
    expect(last?.name).toBe("message.eml");
    expect(last?.contents.toString("latin1").trimEnd()).toBe(Buffer.from(message).toString("latin1").trimEnd());
    expect(mail.log).toEqual([]);
  });

  it("keeps more attachments than there may be files in the message alone, and says so", async () => {
    const parts = Array.from({ length: 500 }, (_, index): [string, string] => [
      `Content-Type: text/csv; name="${index}.csv"`,
      `${index}`,
    ]);
    await send(
      mimeMessage(["From: a@example.com", "Subject: many"], ["Content-Type: text/plain", "see below"], ...parts),
    );
    const [opened] = await mail.open();
    expect(opened?.files.map(({ name }) => name)).toEqual(["message.eml"]);
    expect(opened?.letter).toContain("There are too many attachments to list. All of them are in\nmessage.eml");
    expect(opened?.record.answers.message).toBe("see below");
  });

  it("has no control characters in its headings", async () => {
    await send(plain("a=?utf-8?Q?=0D=0A=1B[31m?=b", "text\u0007", "Content-Type: text/plain; charset=utf-8"));
    const [opened] = await mail.open();
    expect(opened?.record.answers).toMatchObject({ message: "text" });
    expect(/(?!\n)\p{Cc}/u.test(opened?.letter ?? "")).toBe(false);
  });
});

describe("the same letter that comes again", () => {
  const letter = (received: string, text = "the text") =>
    `Received: from ${received}\r\n by here\r\n${plain("again", text, "Message-ID: <2@example.com>")}`;

  it("is stored once, whatever servers it went through", async () => {
    expect(await send(letter("a"))).toMatch(/^250 /);
    expect(await send(letter("b"))).toMatch(/^250 /);
    expect(await mail.stored()).toHaveLength(1);
  });

  it("is stored once if two connections bring it at the same moment", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => send(letter(String(index)))));
    for (const answer of answers) expect(answer).toMatch(/^250 /);
    expect(await mail.stored()).toHaveLength(1);
  });

  it("is stored once after a restart and two days later, and again when nobody can know it any more", async () => {
    let day = 0;
    const now = () => new Date(Date.UTC(2026, 10, 26 + day, 23, 59));
    await mail.end();
    await mail.begin({ now });
    await send(letter("a"));
    for (day = 1; day <= 2; day += 1) {
      await mail.end();
      await mail.begin({ now });
      await send(letter("b"));
      expect(await mail.stored()).toHaveLength(1);
    }
    await send(letter("c"));
    expect(await mail.stored()).toHaveLength(2);
  });

  it("is another letter if a word of it differs", async () => {
    await send(letter("a"));
    await send(letter("a", "the text!"));
    await send(letter("a").replace("Subject: again", "Subject: anew"));
    expect(await mail.stored()).toHaveLength(3);
  });
});

describe("the mail server refuses", () => {
  it("what is for somebody else, and never sends on", async () => {
    for (const to of [
      "help@example.net",
      "help@example.org.evil.test",
      "help%example.net@example.org",
      "root@example.org",
    ]) {
      expect(await send(plain("relay", "x"), [to])).toBe("550 this server takes letters for its own addresses only");
    }
    expect(await send(plain("ours", "x"), ["HELP@Example.ORG"])).toMatch(/^250 /);
    expect(await mail.stored()).toHaveLength(1);
  });

  it.each([64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 100 * 1024])(
    "a message of more than 64 KiB: %i bytes",
    async (size) => {
      await mail.end();
      await mail.begin({ config: { maxMessage: 64 * 1024 } });
      const head = plain("size", "");
      const message = head + "x".repeat(size - head.length - 2);
      const answer = await send(message);
      const fits = size <= 64 * 1024;
      expect(answer).toMatch(fits ? /^250 / : /^552 this letter is too large/);
      expect(await mail.stored()).toHaveLength(fits ? 1 : 0);
      await expectNothingHeld();
    },
  );

  it("a message that says it is too large, before it is sent", async () => {
    const client = await SmtpClient.greeted(mail.address);
    expect(await client.say("MAIL FROM:<a@example.com> SIZE=60000000")).toMatch(/^552 /);
    client.end();
  });

  it("a message without an end, by closing the connection", async () => {
    await mail.end();
    await mail.begin({ config: { maxMessage: 64 * 1024 } });
    const client = await SmtpClient.greeted(mail.address);
    await client.say("MAIL FROM:<a@example.com>");
    await client.say(`RCPT TO:<${STAFF}>`);
    await client.say("DATA");
    await eventually(async () => {
      if (!client.closed) client.write("x".repeat(32 * 1024));
      return client.closed;
    }, "the connection is closed");
    expect(await mail.stored()).toEqual([]);
    await expectNothingHeld();
  });

  it("more recipients than anybody needs, and commands that nobody needs", async () => {
    const client = await SmtpClient.greeted(mail.address);
    for (const command of ["AUTH PLAIN", "VRFY help", "WIZ x", "SHELL x", "KILL x"]) {
      expect(await client.say(command)).toMatch(/^50\d /);
    }
    client.end();
  });

  it("says neither who it is nor what it runs", async () => {
    const client = await SmtpClient.connect(mail.address);
    expect(await client.reply()).toBe("220 example.org ESMTP");
    expect((await client.say("EHLO x")).split("\r\n").map((line) => line.slice(4))).toEqual([
      "example.org",
      "PIPELINING",
      "8BITMIME",
      "SMTPUTF8",
      "SIZE 52428800",
    ]);
    client.end();
  });
});

describe("a message that is cut short", () => {
  it("leaves nothing, also when it was nearly whole", async () => {
    const client = await SmtpClient.greeted(mail.address);
    await client.say("MAIL FROM:<a@example.com>");
    await client.say(`RCPT TO:<${STAFF}>`);
    await client.say("DATA");
    client.write(`${plain("cut", "x".repeat(200_000))}\r\n.`);
    await eventually(async () => (mail.server.census().written ?? 0) > 100_000, "most has arrived");
    client.end();
    await expectNothingHeld();
    expect(await mail.stored()).toEqual([]);
    expect(mail.log).toEqual([]);
  });

  it.each(["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\n.\r", "\r\n\0.\r\n", "\r\n.\0\r\n"])(
    "does not end at %j, so that no second message is smuggled in",
    async (end) => {
      const smuggled = `MAIL FROM:<admin@example.org>\r\nRCPT TO:<${STAFF}>\r\nDATA\r\nSubject: smuggled\r\n\r\nx`;
      const client = await SmtpClient.greeted(mail.address);
      await client.say("MAIL FROM:<a@example.com>");
      await client.say(`RCPT TO:<${STAFF}>`);
      await client.say("DATA");
      client.write(`${plain("outer", `before${end}${smuggled}`)}\r\n.\r\n`);
      expect(await client.reply()).toMatch(/^250 /);
      expect(await client.say("NOOP")).toMatch(/^250 /);
      client.end();
      const opened = await mail.open();
      expect(opened.map(({ record }) => record.answers.subject)).toEqual(["outer"]);
    },
  );
});

describe("when the store fails", () => {
  it("says so for now, keeps nothing, and takes the letter when it is sent again", async () => {
    let broken = true;
    await mail.end();
    await mail.begin({
      wrapStore: (store) => ({
        ...(["find", "get", "list", "remove", "free"] as const).reduce(
          (all, name) => Object.assign(all, { [name]: store[name].bind(store) }),
          {} as typeof store,
        ),
        put: async (ciphertext, id) => {
          if (!broken) return store.put(ciphertext, id);
          await ciphertext.cancel();
          throw new StoreError("io", "the disk is gone");
        },
      }),
    });
    expect(await send(plain("store", "x"))).toBe("451 this letter cannot be stored now; try again later");
    expect(await mail.stored()).toEqual([]);
    broken = false;
    expect(await send(plain("store", "x"))).toMatch(/^250 /);
    expect(await mail.stored()).toHaveLength(1);
    expect(mail.log.map((line) => JSON.parse(line).msg)).toEqual(["storing is failing", "storing works again"]);
  });

  it("says that there is no room when the disk must stay free", async () => {
    await mail.end();
    await mail.begin({ config: { minFree: Number.MAX_SAFE_INTEGER } });
    expect(await send(plain("room", "x"))).toBe("452 there is no room for this letter now; try again later");
    expect(await mail.stored()).toEqual([]);
  });
});

describe("shared out", () => {
  it("refuses connections and messages over its limits for now", async () => {
    await mail.end();
    await mail.begin({
      limits: {
        connections: { max: 2, share: 2 },
        messages: { max: 1, share: 1 },
        perMinute: 2,
        allPerMinute: 3,
        slowMs: 60_000,
      },
    });
    const first = await SmtpClient.greeted(mail.address);
    const second = await SmtpClient.greeted(mail.address);
    const third = await SmtpClient.connect(mail.address);
    expect(await third.reply()).toBe("421 too many connections; try again in a few minutes");
    await first.say("MAIL FROM:<a@example.com>");
    await first.say(`RCPT TO:<${STAFF}>`);
    await first.say("DATA");
    await eventually(async () => mail.server.census().messages === 1, "the first has its place");
    expect(await second.send("a@example.com", [STAFF], plain("second", "x"))).toMatch(/^451 too many letters are/);
    first.write(`${plain("first", "x")}\r\n.\r\n`);
    expect(await first.reply()).toMatch(/^250 /);
    expect(await second.send("a@example.com", [STAFF], plain("second", "x"))).toMatch(/^250 /);
    expect(await second.say("MAIL FROM:<a@example.com>")).toMatch(/^451 too many letters from your network/);
    for (const client of [first, second, third]) client.end();
    await expectNothingHeld();
  });
});

describe("TLS", () => {
  const identity = () => {
    const { key, certificate } = certify();
    return { key: key.toString(), cert: certificate };
  };

  it("is there by STARTTLS and from the start, and is asked for where the operator wants it", async () => {
    await mail.end();
    await mail.begin({ tls: identity(), config: { requireTls: true } });
    const client = await SmtpClient.greeted(mail.address);
    expect(await client.say("MAIL FROM:<a@example.com>")).toBe(
      "530 this server takes letters over TLS only; begin with STARTTLS",
    );
    expect(await client.startTls()).toMatch(/^250/);
    expect(await client.send("a@example.com", [STAFF], plain("tls", "x"))).toMatch(/^250 /);
    client.end();
    const [host = "", port] = mail.secureAddress.split(":");
    const transport = createTransport({ host, port: Number(port), secure: true, tls: { rejectUnauthorized: false } });
    await transport.sendMail({ from: "a@example.com", to: STAFF, subject: "implicit", text: "y" });
    expect(await mail.stored()).toHaveLength(2);
  });

  it("forgets what was said before it, so that nobody on the way puts words into the letter", async () => {
    await mail.end();
    await mail.begin({ tls: identity() });
    const client = await SmtpClient.greeted(mail.address);
    client.write("STARTTLS\r\nMAIL FROM:<attacker@example.com>\r\n");
    expect(await client.reply()).toMatch(/^220 /);
    client.end();
    expect(await mail.stored()).toEqual([]);
  });

  it("shows a renewed certificate to the next connection", async () => {
    const [old, renewed] = [identity(), identity()];
    await mail.end();
    await mail.begin({ tls: old });
    const fingerprints: string[] = [];
    for (const change of [() => undefined, () => mail.server.setTls(renewed)]) {
      change();
      const client = await SmtpClient.greeted(mail.address);
      await client.startTls();
      fingerprints.push(client.fingerprint);
      client.end();
    }
    expect(new Set(fingerprints).size).toBe(2);
  });
});

describe("LMTP", () => {
  it("answers for each recipient, and stores the letter once", async () => {
    await mail.end();
    await mail.begin({ config: { protocol: "lmtp" } });
    const client = await SmtpClient.greeted(mail.address, "LHLO");
    const recipients = [STAFF, "letters@example.org"];
    expect(await client.send("a@example.com", recipients, plain("lmtp", "x"))).toMatch(/^250 /);
    expect(await client.reply()).toMatch(/^250 /);
    client.end();
    expect(await mail.stored()).toHaveLength(1);
  });
});

describe("when it stops", () => {
  it("finishes the message that is arriving, and turns others away", async () => {
    const [arriving, idle] = [await SmtpClient.greeted(mail.address), await SmtpClient.greeted(mail.address)];
    await arriving.say("MAIL FROM:<a@example.com>");
    await arriving.say(`RCPT TO:<${STAFF}>`);
    await arriving.say("DATA");
    await eventually(async () => mail.server.census().messages === 1, "it is arriving");
    const ended = mail.end(60_000);
    expect(await idle.reply()).toMatch(/^421 /);
    arriving.write(`${plain("last", "x")}\r\n.\r\n`);
    expect(await arriving.reply()).toMatch(/^250 /);
    arriving.end();
    await ended;
    expect(await mail.stored()).toHaveLength(1);
  });
});

/** Messages inside messages, each of them multipart. */
function nested(depth: number): string {
  let message = plain("inmost", "x");
  for (let level = 0; level < depth; level += 1) {
    message = [
      `Content-Type: multipart/mixed; boundary=b${level}`,
      "",
      `--b${level}`,
      message,
      `--b${level}--`,
      "",
    ].join("\r\n");
  }
  return message;
}

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { atLength } from "../support/length.js";
import { STAFF } from "../support/mail.js";
import { MailProcess } from "../support/mail-process.js";
import { MAY_START_SERVERS, type Mta, startExim, startPostfix } from "../support/mta.js";
import { eventually } from "../support/portal.js";
import { Random } from "../support/seed.js";
import { requireTools } from "../support/tools.js";

const run = promisify(execFile);
const random = new Random("mail servers");
const DOCUMENT = Buffer.from(random.bytes(700_000));

let mail: MailProcess;

/** Hands a message to a server, as the program of a person does. */
async function post(address: string, subject: string, to = STAFF): Promise<void> {
  const [host = "", port] = address.split(":");
  const transport = createTransport({ host, port: Number(port), ignoreTLS: true });
  await transport.sendMail({
    from: "Мама <mother@example.com>",
    to,
    subject,
    text: "Помогите\n.\n..\nFrom now on",
    attachments: [{ filename: "приговор.pdf", content: DOCUMENT }],
  });
  transport.close();
}

async function expectCases(subjects: readonly string[]): Promise<void> {
  const cases = await mail.open();
  expect(cases.map(({ record }) => record.answers.subject).sort()).toEqual([...subjects].sort());
  for (const { record, files } of cases) {
    expect(record.answers.message).toBe("Помогите\n.\n..\nFrom now on");
    expect(files[0]?.name).toBe("приговор.pdf");
    expect(files[0]?.contents.equals(DOCUMENT)).toBe(true);
  }
}

/** What every server that queues mail must be able to rely on. */
function delivers(name: string, start: () => Promise<Mta>): void {
  describe(`${name} delivers over TLS`, () => {
    let mta: Mta;
    beforeAll(async () => {
      mail = await MailProcess.start({ POSTERN_MAIL_REQUIRE_TLS: "yes" });
      mta = await start();
    });
    beforeEach(() => mail.beginAnew());
    afterAll(async () => {
      await mta.stop();
      await mail.stop();
    });

    it("letters, each once", async () => {
      const subjects = Array.from({ length: atLength(3, 10) }, (_, index) => `Письмо ${index}`);
      for (const subject of subjects) await post(mta.address, subject);
      await eventually(async () => (await mta.queued()) === 0, `${name} has delivered all`);
      await expectCases(subjects);
      expect(mail.process.output.stderr).toBe("");
    });

    it("what it had to keep while our server was down or killed, and nothing twice", async () => {
      const subjects = Array.from({ length: atLength(7, 12) }, (_, index) => `Письмо ${index}`);
      await mail.end("SIGKILL");
      for (const subject of subjects.slice(0, 4)) await post(mta.address, subject);
      await eventually(async () => (await mta.queued()) === 4, "four letters wait");
      await mail.begin();
      for (const [index, subject] of subjects.slice(4).entries()) {
        await post(mta.address, subject);
        if (index % 3 === 1) {
          await mail.end(index % 2 === 0 ? "SIGTERM" : "SIGKILL");
          await mail.begin();
        }
      }
      await eventually(async () => {
        await mta.flush();
        return (await mta.queued()) === 0;
      }, `${name} has delivered all`);
      await expectCases(subjects);
    });

    it("no letter for anybody else, which goes back to its writer", async () => {
      await post(mta.address, "чужое", "someone@example.net");
      await eventually(
        async () => /this server takes letters for its own addresses only/.test(await mta.log()),
        "it is refused",
      );
      expect(await mail.stored()).toEqual([]);
    });
  });
}

const servers = MAY_START_SERVERS || process.env.POSTERN_REQUIRE_ALL === "1";
if (servers && requireTools("delivery by Postfix", "postfix")) {
  delivers("Postfix", () => startPostfix({ port: mail.port }));

  describe("Postfix in front, over LMTP", () => {
    it("delivers letters, each once", async () => {
      mail = await MailProcess.start({ POSTERN_MAIL_PROTOCOL: "lmtp" });
      const mta = await startPostfix({ port: mail.port }, "lmtp");
      try {
        await post(mta.address, "Письмо");
        await eventually(async () => (await mta.queued()) === 0, "it has delivered all");
        await expectCases(["Письмо"]);
        expect(mail.process.output.stderr).toContain("letters wait readable in the queue");
      } finally {
        await mta.stop();
        await mail.stop();
      }
    });
  });
}
if (servers && requireTools("delivery by Exim", "exim4")) delivers("Exim", () => startExim({ port: mail.port }));

describe.runIf(requireTools("mail by swaks", "swaks"))("swaks", () => {
  afterAll(() => mail.stop());

  it("sends an attachment, and is refused for others", async () => {
    mail = await MailProcess.start();
    const path = join(mail.folder, "документ.pdf");
    await writeFile(path, DOCUMENT);
    const common = ["--server", mail.address, "--from", "a@example.com", "--attach", `@${path}`];
    await run("swaks", [...common, "--to", STAFF, "--h-Subject", "swaks"], { maxBuffer: 64 * 1024 ** 2 });
    const [opened] = await mail.open();
    expect(opened?.files[0]?.contents.equals(DOCUMENT)).toBe(true);
    // 24: no recipient was accepted.
    await expect(run("swaks", [...common, "--to", "b@example.net"])).rejects.toMatchObject({ code: 24 });
    expect(await mail.stored()).toHaveLength(1);
  });
});

describe.runIf(requireTools("mail by msmtp", "msmtp"))("msmtp", () => {
  afterAll(() => mail.stop());

  it("sends over TLS", async () => {
    mail = await MailProcess.start({ POSTERN_MAIL_REQUIRE_TLS: "yes" });
    const child = spawn(
      "msmtp",
      [
        ...["--file=/dev/null", "--host=127.0.0.1", `--port=${mail.port}`, "--tls=on", "--tls-certcheck=off"],
        ...["--auth=off", "--from=a@example.com", STAFF],
      ],
      { stdio: ["pipe", "ignore", "pipe"] },
    );
    child.stdin.end("From: a@example.com\nSubject: msmtp\n\nПисьмо\n.\n");
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(0);
    const [opened] = await mail.open();
    expect(opened?.record.answers).toEqual({ subject: "msmtp", message: "Письмо\n." });
  });
});

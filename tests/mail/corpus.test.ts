import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findSubmissions, gpgOpener, openSubmissions } from "../../src/desk/index.js";
import { awkwardMails } from "../support/awkward-mail.js";
import { GnuPg } from "../support/gpg.js";
import { atLength } from "../support/length.js";
import { STAFF, TestMail } from "../support/mail.js";
import { type OpenedCase, readCase } from "../support/portal.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { SmtpClient } from "../support/smtp.js";
import { requireTools } from "../support/tools.js";

const COUNT = atLength(40, 200);

let mail: TestMail;
beforeEach(async () => {
  mail = await TestMail.start();
});
afterEach(() => mail.stop());

describe.runIf(requireTools("awkward mails opened by GnuPG", "gpg"))("awkward mails", () => {
  it(`become cases that GnuPG opens, ${COUNT} of them, each once and with the message as it came ${WITH_SEED}`, async () => {
    const mails = awkwardMails(COUNT, new Random("awkward mails"));
    const client = await SmtpClient.greeted(mail.address);
    for (const { kind, message } of mails) {
      expect(await client.send("a@example.com", [STAFF], message), kind).toMatch(/^250 /);
    }
    // Each comes a second time, as from a server that has lost the answer.
    for (const { message } of mails) await client.send("a@example.com", [STAFF], message);
    client.end();
    const cases = new Map((await openWithGnuPg()).map((one) => [contentsOf(one.files.at(-1)?.contents), one]));
    expect(cases.size).toBe(COUNT);
    for (const { kind, message, text, names } of mails) {
      const found = cases.get(contentsOf(message));
      expect(found, kind).toBeDefined();
      if (text !== undefined) expect(found?.record.answers.message, kind).toBe(text);
      const documents = found?.files.slice(0, -1) ?? [];
      if (names !== undefined)
        expect(
          documents.map(({ name }) => name),
          kind,
        ).toEqual(names);
      for (const { entry } of found?.files ?? [])
        expect(entry, kind).toMatch(/^files\/\d{2,3}-[^/\\\p{Cc}\u202e]{1,90}$/u);
    }
    expect(mail.log).toEqual([]);
  }, 400_000);

  it("of 60 MiB is refused, in a sentence", async () => {
    const client = await SmtpClient.greeted(mail.address);
    const answer = await client.send("a@example.com", [STAFF], Buffer.alloc(60 * 1024 * 1024, "x\r\n"));
    expect(answer).toBe("552 this letter is too large; send fewer documents, or use the form on our site");
    client.end();
    expect(await mail.stored()).toEqual([]);
  });

  async function openWithGnuPg(): Promise<OpenedCase[]> {
    const gpg = await GnuPg.create();
    try {
      await gpg.importKeys(mail.secretKey);
      const program = join(mail.folder, "gpg");
      await writeFile(program, `#!/bin/sh\nexec gpg --homedir '${gpg.home}' "$@"\n`);
      await chmod(program, 0o700);
      const inbox = await findSubmissions([join(mail.folder, "data/submissions")]);
      const cases: OpenedCase[] = [];
      for await (const outcome of openSubmissions(inbox, {
        opener: gpgOpener(program, 2),
        out: join(mail.folder, "cases"),
      })) {
        if (outcome.kind === "failed") throw outcome.cause;
        if (outcome.kind === "opened") cases.push(await readCase(outcome.folder));
      }
      return cases;
    } finally {
      await gpg.close();
    }
  }
});

/** The message without the line end that SMTP adds to a last line that has none. */
function contentsOf(message: Buffer | undefined): string {
  return (message ?? Buffer.alloc(0)).toString("latin1").replace(/\r\n$/, "");
}

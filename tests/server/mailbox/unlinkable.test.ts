import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deriveReplyAddress, type ReplyAddress } from "../../../src/core/index.js";
import { writeReply } from "../../../src/desk/index.js";
import { formOf, startTestPortal, type TestPortal } from "../../support/portal.js";
import { traces } from "../../support/traces.js";

const ANSWER = "канарейка-ответ-7c1e";

let portal: TestPortal;
beforeEach(async () => {
  portal = await startTestPortal();
});
afterEach(() => portal.stop());

async function submit(message: string): Promise<string> {
  const page = await (await fetch(`${portal.url}/ru/submit`, { method: "POST", body: formOf({ message }) })).text();
  const code = /class="receipt-code"[^>]*>([\d ]+)</.exec(page)?.[1];
  if (code === undefined) throw new Error("there is no number on the receipt");
  return code;
}

/** Everything that the portal has written: names and contents. */
async function everything(): Promise<{ readonly name: string; readonly contents: Buffer }[]> {
  const names = await readdir(portal.folder, { recursive: true });
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(portal.folder, name);
      return { name, contents: (await stat(path)).isFile() ? await readFile(path) : Buffer.alloc(0) };
    }),
  );
  return [...found, { name: "log", contents: Buffer.from(portal.log.join("")) }];
}

async function expectNoTraceOf(words: readonly string[]): Promise<void> {
  for (const { name, contents } of await everything()) {
    for (const word of words) {
      for (const trace of traces(word)) {
        expect(contents.includes(trace), `${word} in ${name}`).toBe(false);
        expect(Buffer.from(name).includes(trace), `${word} in the name ${name}`).toBe(false);
      }
    }
  }
}

describe("with the whole store and the log in hand, and without the code", () => {
  it("nothing tells of a mailbox before a reply is there, nor after that whose it is or what it says", async () => {
    const codes = [await submit("один"), await submit("два"), await submit("три")];
    const salt = await portal.store.mailboxes.portalSalt();
    const addresses: ReplyAddress[] = [];
    for (const code of codes) addresses.push(await deriveReplyAddress(code, salt));
    const secrets = [...codes, ...codes.map((code) => code.replaceAll(" ", "")), ...addresses.map(({ key }) => key)];
    await expectNoTraceOf([...secrets, ...addresses.map(({ mailbox }) => mailbox)]);

    const [opened] = (await portal.open()).filter(({ record }) => record.answers.message === "два");
    const text = join(opened?.folder ?? "", "answer.txt");
    await writeFile(text, ANSWER);
    const out = join(opened?.folder ?? "", "out");
    const file = await writeReply({ caseFolder: opened?.folder ?? "", text, attachments: [], out });
    const reply = new Blob([new Uint8Array(await readFile(file))]);
    await portal.store.mailboxes.putReply(addresses[1]?.mailbox ?? "", reply.stream());

    await expectNoTraceOf([...secrets, ANSWER]);
    // The mailbox's name is there now, beside nothing that any of the three submissions has to do with.
    const named = (await everything()).filter(({ name }) => name.includes(addresses[1]?.mailbox ?? "?"));
    expect(named).toHaveLength(1);
    expect(named[0]?.name.startsWith("mailboxes/")).toBe(true);
    for (const name of await portal.stored()) {
      expect(named[0]?.name).not.toContain(name.slice(0, 8));
      const { mtimeMs } = await stat(join(portal.folder, "submissions", name));
      expect(mtimeMs % 86_400_000).toBe(0);
    }
  });
});

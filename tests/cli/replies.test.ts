import { chown, mkdir, mkdtemp, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createReceiptCode, deriveReplyAddress, type ReplyAddress } from "../../src/core/index.js";
import { openReply } from "../../src/openpgp/index.js";
import { openFileMailboxes, openFileStore } from "../../src/store/index.js";
import { postern, servePortal } from "../support/command.js";
import { shareOf } from "../support/length.js";
import { giveStaffKey } from "../support/staff-key.js";
import { removeFolder } from "../support/temporary.js";
import { readReplyVectors, readVector } from "../vectors/manifest.js";

const MAILBOX = "p5lzcnetnaoldhx6x7jbsys7qboynoz4";
const VECTOR = readVector(readReplyVectors().accepted[0]?.file ?? "");

let cwd: string;
const inside = (...path: readonly string[]) => join(cwd, ...path);
const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}) => postern(words, { cwd, env });

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-cli-"));
  await mkdir(inside("outbox"));
  await openFileStore(inside("data"));
});
afterEach(() => removeFolder(cwd));

const put = (name: string, contents: Uint8Array | string) => writeFile(inside("outbox", name), contents);

async function putCase(reply: ReplyAddress): Promise<void> {
  await mkdir(inside("case"));
  const record = { format: "postern-submission", version: 1, case: "0".repeat(32), reply };
  await writeFile(inside("case/submission.json"), JSON.stringify(record));
  await writeFile(inside("text"), "Здравствуйте.\n");
}

describe("postern reply and postern replies import", () => {
  it.each([
    [["reply"], 2],
    [["reply", "case"], 2],
    [["replies"], 2],
    [["replies", "import"], 2],
    [["replies", "expire", "x"], 2],
    [["reply", "--help"], 0],
  ])("%j ends with %i", async (words, code) => {
    expect((await run(words)).code).toBe(code);
  });

  it("carry an answer from the desk to whoever has the receipt code", async () => {
    const mailboxes = await openFileMailboxes(inside("data"));
    const code = createReceiptCode();
    const address = await deriveReplyAddress(code, await mailboxes.portalSalt());
    await putCase(address);
    await writeFile(inside("a.txt"), "a");
    await writeFile(inside("b.txt"), "b");
    const reply = ["reply", "case", "--text", "text", "--attach", "a.txt", "b.txt", "--out", "outbox"];
    const file = `outbox/${address.mailbox}-1.reply.gpg`;
    expect(await run(reply)).toEqual({ code: 0, stdout: `${file}\n`, stderr: "" });

    const first = await run(["replies", "import", "outbox"]);
    expect(first).toMatchObject({ code: 0, stderr: "1 imported, 0 imported before, 0 failed\n" });
    const again = await run(["replies", "import", "outbox"]);
    expect(again).toMatchObject({ code: 0, stderr: "0 imported, 1 imported before, 0 failed\n" });
    expect(again.stdout).toBe(first.stdout.replace("\n", " (imported before)\n"));

    const [stored, ...more] = await mailboxes.listReplies(address.mailbox);
    expect(more).toEqual([]);
    expect(first.stdout).toBe(`${file} -> ${stored?.id}\n`);
    const back = await openReply(await mailboxes.getReply(address.mailbox, stored?.id ?? ""), address.key);
    expect([back.text, back.files.map(({ name }) => name)]).toEqual(["Здравствуйте.\n", ["a.txt", "b.txt"]]);
  });

  it("writes a reply into the present folder unless told otherwise, and says what is wrong", async () => {
    await putCase({ mailbox: MAILBOX, key: `${"c".repeat(51)}q` });
    expect(await run(["reply", "case", "--text", "text"])).toMatchObject({ stdout: `${MAILBOX}-1.reply.gpg\n` });
    expect((await stat(inside(`${MAILBOX}-1.reply.gpg`))).mode & 0o777).toBe(0o600);
    const nowhere = await run(["reply", "nowhere", "--text", "text"]);
    expect(nowhere).toMatchObject({ code: 1, stdout: "" });
    expect(nowhere.stderr).toMatch(/^postern: nowhere holds no submission that has been opened\n/);
    expect(nowhere.stderr).toContain("not_a_case: name a folder that postern open made");
  });

  it("import while the portal runs, without disturbing it", async () => {
    await giveStaffKey(cwd);
    const portal = await servePortal({ cwd });
    try {
      await writeFile(inside("data/incoming/under-way"), "x");
      await put(`${MAILBOX}-1.reply.gpg`, VECTOR);
      expect((await run(["replies", "import", "outbox"])).code).toBe(0);
      expect(await readdir(inside("data/incoming"))).toEqual(["under-way"]);
    } finally {
      await portal.kill("SIGTERM");
    }
  });

  it("import names each failure and goes on, with exit code 1", async () => {
    await put(`${MAILBOX}-1.reply.gpg`, VECTOR);
    await put(`${MAILBOX}-2.reply.gpg`, "a letter");
    await put(`${MAILBOX}-3.reply.gpg`, "");
    await put(`${MAILBOX}-4.reply.gpg`, VECTOR.subarray(0, -1));
    await put(`${MAILBOX}-5.reply.gpg`, readVector("accepted/gpg-curve25519.pgp"));
    await put(`${MAILBOX}-6.reply.gpg`, new Uint8Array(33 * 1024 * 1024));
    await put("my.reply.gpg", VECTOR);
    await put("my\u001b[31m.reply.gpg", VECTOR);
    await mkdir(inside(`outbox/${MAILBOX}-7.reply.gpg`));
    await symlink("/dev/zero", inside(`outbox/${MAILBOX}-8.reply.gpg`));
    await put("readme.txt", "not looked at");
    const { code, stdout, stderr } = await run(["replies", "import", "outbox"]);
    expect(code).toBe(1);
    expect(stdout.trim().split("\n")).toHaveLength(1);
    for (const [name, why] of [
      [`${MAILBOX}-2`, "not_openpgp"],
      [`${MAILBOX}-3`, "empty"],
      [`${MAILBOX}-4`, "truncated"],
      [`${MAILBOX}-5`, "not_password_encrypted"],
      [`${MAILBOX}-6`, "too_large"],
      [`${MAILBOX}-7`, "not_a_file"],
      [`${MAILBOX}-8`, "not_a_file"],
      ["my", "bad_name"],
      ["my\ufffd[31m", "bad_name"],
    ]) {
      const line = stderr.split("\n").find((each) => each.startsWith(`outbox/${name}.reply.gpg: `));
      expect(line, name).toContain(`(${why})`);
    }
    expect(stderr).toContain("1 imported, 0 imported before, 9 failed\n");
    expect((await readdir(inside("data/mailboxes"))).filter((name) => !name.startsWith(MAILBOX))).toEqual([]);
  });

  it("import says so when there is nothing to import, no folder or no store", async () => {
    const nothing = await run(["replies", "import", "outbox"]);
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining("no file ending in .reply.gpg")]);
    expect(await run(["replies", "import", "nowhere"])).toMatchObject({
      code: 1,
      stderr: "postern: nowhere cannot be read\n",
    });
    await put(`${MAILBOX}-1.reply.gpg`, VECTOR);
    const env = { POSTERN_STORE: "file:elsewhere" };
    expect((await run(["replies", "import", "outbox"], env)).stderr).toContain("there is no store in");
    expect(await readdir(cwd)).not.toContain("elsewhere");
  });

  it.runIf(process.geteuid?.() === 0)("import refuses to write what the portal's user could not read", async () => {
    await put(`${MAILBOX}-1.reply.gpg`, VECTOR);
    await chown(inside("data"), 65534, 65534);
    const { code, stderr } = await run(["replies", "import", "outbox"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("run this command as the portal's user")]);
  });
});

describe("postern replies expire", () => {
  it("removes what is older than is configured", async () => {
    const mailboxes = await openFileMailboxes(inside("data"));
    const old = await mailboxes.putReply(MAILBOX, new Blob(["old"]).stream());
    await mailboxes.putReply(MAILBOX, new Blob(["new"]).stream());
    const before = new Date(Date.now() - 40 * 86_400_000);
    await utimes(inside("data/mailboxes", `${MAILBOX}.${old.id}.gpg`), before, before);
    const expire = (days: string) => run(["replies", "expire"], { POSTERN_RETENTION_DAYS: days });
    expect(await expire("50")).toEqual({ code: 0, stdout: "0 removed\n", stderr: "" });
    expect(await expire("30")).toEqual({ code: 0, stdout: "1 removed\n", stderr: "" });
    const [left] = await mailboxes.listReplies(MAILBOX);
    expect(await new Response(await mailboxes.getReply(MAILBOX, left?.id ?? "")).text()).toBe("new");
  });

  it("is refused without a setting, and with one that is none", async () => {
    expect(await run(["replies", "expire"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("POSTERN_RETENTION_DAYS: must be set"),
    });
    for (const days of shareOf(["0", "-1", "1.5", "ever", "36501"], 2)) {
      const { code, stderr } = await run(["replies", "expire"], { POSTERN_RETENTION_DAYS: days });
      expect([code, stderr]).toEqual([2, expect.stringContaining("POSTERN_RETENTION_DAYS: ")]);
    }
    await expect(readFile(inside("data/mailboxes/portal-salt"))).rejects.toThrow();
  });
});

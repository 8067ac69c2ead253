import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { type PrivateKey, readPrivateKey } from "openpgp";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createArchive, createSubmission, type ReplyAddress } from "../../../src/core/index.js";
import { createKeyPair, findSubmissions, keyOpener, openSubmissions } from "../../../src/desk/index.js";
import { encryptMessage, type Recipient } from "../../../src/openpgp/index.js";
import { collect, streamOf, utf8 } from "../../support/bytes.js";
import { recipientOf } from "../../support/keys.js";
import { removeFolder } from "../../support/temporary.js";

const ANNA: ReplyAddress = { mailbox: "a".repeat(32), key: `${"a".repeat(51)}q` };
const BORIS: ReplyAddress = { mailbox: "b".repeat(32), key: `${"b".repeat(51)}q` };

let recipient: Recipient;
let key: PrivateKey;
let folder: string;
const inside = (...path: readonly string[]) => join(folder, ...path);

beforeAll(async () => {
  const pair = await createKeyPair({ profile: "gnupg", userId: { name: "t" }, passphrase: "", lifetime: 1e6 });
  recipient = await recipientOf(pair);
  key = await readPrivateKey({ armoredKey: pair.secretKey });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-desk-"));
  await mkdir(inside("inbox"));
});
afterEach(() => removeFolder(folder));

const encrypt = async (stream: ReadableStream<Uint8Array>) =>
  collect(await encryptMessage(stream, [recipient], new Date()));

/** Puts a submission into the inbox; its case id is eight times `digit` and then random. */
async function put(name: string, digit: string, reply: ReplyAddress | undefined, followUp: boolean): Promise<void> {
  const { stream } = createSubmission({
    caseId: digit.repeat(32),
    form: { id: "default", version: 1 },
    language: "ru",
    answers: {},
    letter: `letter ${name}\n`,
    documents: [],
    ...(reply && { reply }),
    followUp,
    encryptedBy: "browser",
  });
  await writeFile(inside("inbox", name), await encrypt(stream));
}

/** Puts a submission whose record has members of its maker's choice. */
async function putRecord(name: string, digit: string, members: object): Promise<void> {
  const record = {
    format: "postern-submission",
    version: 1,
    case: digit.repeat(32),
    answers: {},
    files: [],
    ...members,
  };
  const file = (path: string, text: string) => ({
    name: path,
    size: utf8(text).length,
    open: () => streamOf(utf8(text)),
  });
  const files = [file("letter.txt", "letter\n"), file("submission.json", JSON.stringify(record))];
  await writeFile(
    inside("inbox", name),
    await encrypt(createArchive(`submission-${digit.repeat(8)}`, [], files).stream),
  );
}

/** Opens the inbox, and says of each file how it ended and where. */
async function open(): Promise<string[]> {
  const said: string[] = [];
  const files = await findSubmissions([inside("inbox")]);
  for await (const outcome of openSubmissions(files, { opener: keyOpener([key]), out: inside("out") })) {
    if (outcome.kind === "failed") throw outcome.cause;
    const place = outcome.kind === "opened" ? ` ${outcome.place}` : "";
    said.push(`${outcome.kind}${place} ${relative(inside("out"), outcome.folder)}`);
  }
  return said;
}

/** Every folder below `out`. */
async function folders(): Promise<string[]> {
  const entries = await readdir(inside("out"), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== "files")
    .map((entry) => relative(inside("out"), join(entry.parentPath, entry.name)))
    .sort();
}

describe("a follow-up", () => {
  it("is put under its first case, and only there", async () => {
    await put("1.gpg", "1", ANNA, false);
    await put("2.gpg", "2", BORIS, false);
    await put("3.gpg", "3", ANNA, true);
    expect(await open()).toEqual([
      "opened case submission-11111111",
      "opened case submission-22222222",
      "opened follow-up submission-11111111/follow-up-33333333",
    ]);
    const home = inside("out/submission-11111111/follow-up-33333333");
    expect((await readdir(home)).sort()).toEqual(["files", "letter.txt", "source.json", "submission.json"]);
    expect(await readFile(join(home, "letter.txt"), "utf8")).toBe("letter 3.gpg\n");
  });

  it("is put under a case that an earlier run opened, even if staff renamed its folder", async () => {
    await put("1.gpg", "1", ANNA, false);
    await open();
    await rename(inside("out/submission-11111111"), inside("out/Anna"));
    await put("2.gpg", "2", ANNA, true);
    expect(await open()).toEqual(["known Anna", "opened follow-up Anna/follow-up-22222222"]);
    expect(await open()).toEqual(["known Anna", "known Anna/follow-up-22222222"]);
  });

  it("moves to its first case when that is opened later in the same run", async () => {
    await put("1.gpg", "3", ANNA, true);
    await put("2.gpg", "1", ANNA, false);
    await put("3.gpg", "4", ANNA, true);
    expect(await open()).toEqual([
      "opened alone submission-33333333",
      "opened case submission-11111111",
      "moved submission-11111111/follow-up-33333333",
      "opened follow-up submission-11111111/follow-up-44444444",
    ]);
    expect(await folders()).toEqual([
      "submission-11111111",
      "submission-11111111/follow-up-33333333",
      "submission-11111111/follow-up-44444444",
    ]);
    expect((await open()).map((said) => said.split(" ")[0])).toEqual(["known", "known", "known"]);
  });

  it("moves to its first case in a later run, with the files that staff added to it", async () => {
    await put("1.gpg", "3", ANNA, true);
    expect(await open()).toEqual(["opened alone submission-33333333"]);
    await writeFile(inside("out/submission-33333333/notes.txt"), "called back");
    expect(await open()).toEqual(["known submission-33333333"]);
    await put("2.gpg", "1", ANNA, false);
    expect(await open()).toEqual([
      "known submission-33333333",
      "opened case submission-11111111",
      "moved submission-11111111/follow-up-33333333",
    ]);
    const notes = inside("out/submission-11111111/follow-up-33333333/notes.txt");
    expect(await readFile(notes, "utf8")).toBe("called back");
  });

  it("left beside its first case by an interrupted run moves when the next run starts", async () => {
    await put("1.gpg", "1", ANNA, false);
    await put("2.gpg", "3", ANNA, true);
    await open();
    await rename(inside("out/submission-11111111/follow-up-33333333"), inside("out/submission-33333333"));
    expect((await open())[0]).toBe("moved submission-11111111/follow-up-33333333");
  });

  it("never replaces another with the same eight digits", async () => {
    await put("1.gpg", "1", ANNA, false);
    await put("2.gpg", "2", ANNA, true);
    await put("3.gpg", "2", ANNA, true);
    expect((await open()).slice(1)).toEqual([
      "opened follow-up submission-11111111/follow-up-22222222",
      "opened follow-up submission-11111111/follow-up-22222222-2",
    ]);
  });

  it("goes to the same of two first cases in every run", async () => {
    await put("1.gpg", "1", ANNA, false);
    await put("2.gpg", "2", ANNA, false);
    await open();
    await put("3.gpg", "3", ANNA, true);
    expect((await open()).at(-1)).toBe("opened follow-up submission-11111111/follow-up-33333333");
  });
});

describe("a follow-up that fails to move", () => {
  it("is reported once, and stays where it is", async () => {
    await put("1.gpg", "3", ANNA, true);
    await put("2.gpg", "1", ANNA, false);
    await put("3.gpg", "2", BORIS, false);
    const files = await findSubmissions([inside("inbox")]);
    const kinds: string[] = [];
    for await (const outcome of openSubmissions(files, { opener: keyOpener([key]), out: inside("out") })) {
      kinds.push(outcome.kind);
      // The first case is gone as soon as it was opened, before its follow-up can follow it.
      if (outcome.kind === "opened" && outcome.file === files[1]) await rm(outcome.folder, { recursive: true });
    }
    expect(kinds).toEqual(["opened", "opened", "failed", "opened"]);
    expect(await folders()).toEqual(["submission-22222222", "submission-33333333"]);
  });
});

describe("the author of a hostile record", () => {
  it.each([
    ["the mailbox of another with a key of their own", { ...ANNA, key: BORIS.key }],
    ["the key of another with a mailbox of their own", { ...BORIS, key: ANNA.key }],
  ])("gets into nobody else's case with %s", async (_, reply) => {
    await put("1.gpg", "1", ANNA, false);
    await putRecord("2.gpg", "2", { reply, followUp: true });
    expect(await open()).toEqual(["opened case submission-11111111", "opened alone submission-22222222"]);
  });

  it.each([
    ["no address", {}],
    ["null", { reply: null }],
    ["a mailbox that is a path", { reply: { mailbox: "../../../../../../../../../../evil", key: ANNA.key } }],
    ["a mailbox in a list", { reply: { mailbox: [ANNA.mailbox], key: ANNA.key } }],
    ["a key that is no key", { reply: { mailbox: ANNA.mailbox, key: "" } }],
  ])("gets an ordinary case, and controls no path, with %s", async (_, members) => {
    await put("1.gpg", "1", ANNA, false);
    await putRecord("2.gpg", "2", { ...members, followUp: true });
    expect(await open()).toEqual(["opened case submission-11111111", "opened case submission-22222222"]);
    expect((await readdir(folder)).sort()).toEqual(["inbox", "out"]);
  });

  it.each(["true", 1, {}, null])("gets an ordinary case with a follow-up marker of %j", async (followUp) => {
    await put("1.gpg", "1", ANNA, false);
    await putRecord("2.gpg", "2", { reply: ANNA, followUp });
    expect((await open()).at(-1)).toBe("opened case submission-22222222");
  });

  it("cannot make the desk follow links", async () => {
    await put("1.gpg", "1", ANNA, false);
    await open();
    await rename(inside("out/submission-11111111"), inside("elsewhere"));
    await symlink(inside("elsewhere"), inside("out/link"));
    await put("2.gpg", "2", ANNA, true);
    expect(await open()).toEqual([
      "opened case submission-11111111",
      "opened follow-up submission-11111111/follow-up-22222222",
    ]);
    expect(await readdir(inside("elsewhere"))).not.toContain("follow-up-22222222");
  });
});

import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCaseNotes } from "../../../src/desk/case-notes.js";
import { createKeyPair } from "../../../src/desk/index.js";
import { Answers, readAsked } from "../../../src/desk/workbench/answers.js";
import { openReply, type Recipient } from "../../../src/openpgp/index.js";
import { streamOf } from "../../support/bytes.js";
import { putCase } from "../../support/cases.js";
import { recipientOf } from "../../support/keys.js";
import { removeFolder } from "../../support/temporary.js";

const STAFF = { profile: "gnupg", userId: { name: "staff" }, passphrase: "", lifetime: 1e6 } as const;
const KEY = `${"c".repeat(51)}q`;
const [RU, UK, NAMELESS, SILENT] = ["a", "b", "d", "e"].map((digit) => `submission-${digit.repeat(8)}`);
let root: string;
let staff: readonly Recipient[] | null;
let answers: Answers;

const ask = (folders: readonly (string | undefined)[], source: object) =>
  readAsked({ by: "Ольга", folders, ...source });
const template = { template: "lawyer", language: "" };
const outbox = () => readdir(join(root, "outbox")).catch(() => []);
const statusOf = async (digit: string) => (await openCaseNotes(root)).book.of(digit.repeat(32))?.status;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "postern-answers-"));
  const put = (digit: string, language: string, prisoner: string, hasMailbox = true) =>
    putCase(root, `submission-${digit.repeat(8)}`, {
      record: {
        case: digit.repeat(32),
        language,
        answers: { prisoner },
        ...(hasMailbox && { reply: { mailbox: digit.repeat(32), key: KEY } }),
      },
      letter: "Письмо",
      day: "2026-11-20",
    });
  await put("a", "ru", "Иванов Пётр");
  await put("b", "uk", "Ковальчук Олексій");
  await put("d", "ru", "звоните 8 900 123-45-67");
  await put("e", "ru", "Сидорова Анна", false);
  await mkdir(join(root, "templates"));
  await writeFile(join(root, "templates", "lawyer.ru.txt"), "О деле {name}.\n");
  await writeFile(join(root, "templates", "lawyer.uk.txt"), "Про справу {name}.\n");
  staff = null;
  answers = new Answers(root, await openCaseNotes(root), { outbox: join(root, "outbox"), staff: async () => staff });
});
afterEach(() => removeFolder(root));

describe("answers from the workbench", () => {
  it("are shown for each case before anything is written, with why some get none", async () => {
    expect(await answers.preview(ask([RU, UK, NAMELESS, SILENT], template))).toEqual([
      { folder: RU, text: "О деле Иванов Пётр.\n" },
      { folder: UK, text: "Про справу Ковальчук Олексій.\n" },
      { folder: NAMELESS, fault: "no_name" },
      { folder: SILENT, fault: "no_address" },
    ]);
    expect([await outbox(), await readdir(root)]).toEqual([[], expect.not.arrayContaining(["notes"])]);
  });

  it("are written for all that can be answered, signed in the log, with a copy for staff alone", async () => {
    staff = [await recipientOf(await createKeyPair(STAFF))];
    const { answers: done, events } = await answers.send(ask([RU, UK, NAMELESS], template));
    expect(done).toEqual([{ folder: RU }, { folder: UK }, { folder: NAMELESS, fault: "no_name" }]);
    expect(events).toMatchObject([{ by: "Ольга", set: { status: "answered" } }, { by: "Ольга" }]);
    expect((await outbox()).sort()).toEqual(["a", "b"].map((digit) => `${digit.repeat(32)}-1.reply.gpg`));
    const sealed = await readFile(join(root, "outbox", `${"b".repeat(32)}-1.reply.gpg`));
    expect((await openReply(streamOf(sealed), KEY)).text).toBe("Про справу Ковальчук Олексій.\n");
    expect(await readdir(join(root, RU ?? "", "sent"))).toHaveLength(1);
    expect([await statusOf("a"), await statusOf("b"), await statusOf("d")]).toEqual([
      "answered",
      "answered",
      undefined,
    ]);
  });

  it("go once to a mailbox that two of the chosen have", async () => {
    await putCase(root, "submission-ffffffff", {
      record: { case: "f".repeat(32), language: "ru", reply: { mailbox: "a".repeat(32), key: KEY } },
      letter: "x",
      day: "2026-11-21",
    });
    const { answers: done } = await answers.send(ask([RU, "submission-ffffffff"], { text: "Ответ" }));
    expect(done).toEqual([{ folder: RU }, { folder: "submission-ffffffff", fault: "same_mailbox" }]);
    expect(await outbox()).toHaveLength(1);
  });

  it("are not sent where no copy can be kept", async () => {
    staff = [await recipientOf(await createKeyPair(STAFF))];
    await writeFile(join(root, RU ?? "", "sent"), "in the way");
    const { answers: done, events } = await answers.send(ask([RU], { text: "Ответ" }));
    expect([done, events, await outbox()]).toEqual([[{ folder: RU, fault: "cannot_write" }], [], []]);
  });

  it("say so if the status of one could not be set", async () => {
    await writeFile(join(root, "notes"), "a file in the folder's place");
    const { answers: done } = await answers.send(ask([RU, UK], { text: "Ответ" }));
    expect(done).toEqual([RU, UK].map((folder) => ({ folder, notMarked: "failed" })));
    expect(await outbox()).toHaveLength(2);
  });

  it.each([
    {},
    { by: 1, folders: [], text: "x" },
    { by: "x", folders: ["../etc"], text: "x" },
    { by: "x", folders: [RU], text: " " },
    { by: "x", folders: [RU], template: "lawyer", language: "xx" },
    { by: "x", folders: [null], text: "x" },
    { by: "x", folders: Array(501).fill(RU), text: "x" },
  ])("are refused to what is no page: %j", (body) => {
    expect(() => readAsked(body)).toThrow(/this is no/);
  });

  it("are not sent without a name", async () => {
    await expect(answers.send(readAsked({ folders: [RU], text: "x" }))).rejects.toMatchObject({ code: "malformed" });
    expect(await outbox()).toEqual([]);
  });

  it.each(["../../etc/passwd", "nothing", "__proto__", ""])("have no template %j", async (name) => {
    const [answer] = await answers.preview(ask([RU], { template: name, language: "" }));
    expect(answer).toEqual({ folder: RU, fault: "no_template" });
  });
});

import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createReply, readReplyFileName } from "../../src/core/index.js";
import { writeOpenedNotices } from "../../src/desk/index.js";
import { encryptReply, openReply } from "../../src/openpgp/index.js";
import { streamOf } from "../support/bytes.js";
import { removeFolder } from "../support/temporary.js";

const KEY = `${"c".repeat(51)}q`;
const ANNA = { mailbox: "a".repeat(32), key: KEY };
const BORIS = { mailbox: "b".repeat(32), key: KEY };
const DAY = "2026-05-17";

let folder: string;
const inside = (...path: readonly string[]) => join(folder, ...path);

async function putCase(name: string, members: object): Promise<string> {
  await mkdir(inside(name));
  const record = { format: "postern-submission", version: 1, case: "0".repeat(32), ...members };
  await writeFile(inside(name, "submission.json"), JSON.stringify(record));
  return inside(name);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-notices-"));
});
afterEach(() => removeFolder(folder));

it("writes one notice for each mailbox, of one size, which is that of a short answer", async () => {
  const cases = [
    await putCase("first", { reply: ANNA }),
    await putCase("second", { reply: BORIS }),
    await putCase("follow-up", { reply: ANNA, followUp: true }),
    await putCase("without", {}),
    inside("moved away"),
  ];
  expect(await writeOpenedNotices(cases, DAY, inside("outbox"))).toBe(2);
  const names = (await readdir(inside("outbox"))).sort();
  expect(names.map((name) => readReplyFileName(name))).toEqual([
    { mailbox: ANNA.mailbox, number: 1 },
    { mailbox: BORIS.mailbox, number: 1 },
  ]);
  const answer = createReply({ text: "Мы нашли адвоката.", documents: [] });
  const { size } = await new Response(await encryptReply(answer.stream, KEY)).blob();
  for (const name of names) {
    expect((await stat(inside("outbox", name))).size).toBe(size);
    const { opened, files } = await openReply(streamOf(await readFile(inside("outbox", name))), KEY);
    expect({ opened, files }).toEqual({ opened: DAY, files: [] });
  }
});

it("writes nothing where there is nothing to tell", async () => {
  expect(await writeOpenedNotices([await putCase("without", {})], DAY, inside("outbox"))).toBe(0);
  expect(await readdir(folder)).toEqual(["without"]);
});

import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { type PrivateKey, readPrivateKey } from "openpgp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createKeyPair, keyOpener, openSubmissions, writeCaseIndex } from "../../../src/desk/index.js";
import type { Recipient } from "../../../src/openpgp/index.js";
import { concat } from "../../support/bytes.js";
import { recipientOf } from "../../support/keys.js";
import { atLength } from "../../support/length.js";
import { literal, packet, sealed } from "../../support/sealed.js";
import { removeFolder } from "../../support/temporary.js";
import { file, folder as folderEntry, rawArchive } from "../../support/ustar.js";

const COUNT = atLength(8, 30);
const ZIP = 1;

let base: string;
let recipient: Recipient;
let key: PrivateKey;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "postern-small-"));
  const pair = await createKeyPair({ profile: "gnupg", userId: { name: "t" }, passphrase: "", lifetime: 1e6 });
  recipient = await recipientOf(pair);
  key = await readPrivateKey({ armoredKey: pair.secretKey });
});
afterAll(() => removeFolder(base));

/** Compressed inside the encryption, so that a few kilobytes hold a long letter and a long answer. */
async function bomb(number: number, letterBytes: number, labelBytes: number): Promise<Uint8Array> {
  const id = number.toString(16).padStart(8, "0").padEnd(32, "c");
  const root = `submission-${id.slice(0, 8)}`;
  const choices = { q: { question: "q", chosen: [{ label: "A".repeat(labelBytes) }] } };
  const record = JSON.stringify({ format: "postern-submission", version: 1, case: id, files: [], choices });
  const archive = rawArchive([
    folderEntry(`${root}/`),
    folderEntry(`${root}/files/`),
    file(`${root}/letter.txt`, "A".repeat(letterBytes)),
    file(`${root}/submission.json`, record),
  ]);
  return sealed(recipient, packet(8, concat(Uint8Array.of(ZIP), deflateRawSync(literal(archive)))));
}

/** Opens them as `postern open` does, with one honest letter among them. */
async function open(name: string, letterBytes: number, labelBytes: number) {
  const [inbox, out] = [join(base, name), join(base, `${name}-out`)];
  await mkdir(inbox);
  const files: string[] = [];
  let bytes = 0;
  for (let number = 1; number <= COUNT + 1; number += 1) {
    const message = number > COUNT ? await bomb(number, 1_000, 10) : await bomb(number, letterBytes, labelBytes);
    files.push(join(inbox, `${number}.gpg`));
    bytes += message.length;
    await writeFile(files.at(-1) ?? "", message);
  }
  const kinds: string[] = [];
  for await (const { kind } of openSubmissions(files, { opener: keyOpener([key]), out })) kinds.push(kind);
  const page = await readFile(await writeCaseIndex(out), "utf8");
  const portions = [...page.matchAll(/ class="cases">([^<]*)<\/script>/g)].map(([, text = ""]) => text);
  const cases = portions.flatMap((text) => JSON.parse(text) as { letter: string }[]);
  return { bytes, kinds, page, portions, cases };
}

/** What draws documents is the same in every page, whatever letters come. */
const withoutEngines = (page: string) =>
  page.replace(/<script type="text\/plain" id="reading-\w+">[^<]*<\/script>/g, "");

it(`the index shows the honest letter when ${COUNT} of 20 KB would each grow to 20 MB: they are refused`, async () => {
  const { bytes, kinds, page, cases } = await open("refused", 4 * 1024 ** 2, 15 * 1024 ** 2);
  expect(bytes).toBeLessThan(700_000);
  expect(kinds.filter((kind) => kind === "opened")).toHaveLength(1);
  expect(cases.map(({ letter }) => letter.length)).toEqual([1_000]);
  expect(withoutEngines(page).length).toBeLessThan(1024 ** 2);
});

it(`the index shows all when ${COUNT} grow as far as they may, and no element of its data is large`, async () => {
  const { kinds, page, portions, cases } = await open("grown", 700_000, 300_000);
  expect(kinds.filter((kind) => kind === "opened")).toHaveLength(COUNT + 1);
  expect(cases).toHaveLength(COUNT + 1);
  expect(cases.some(({ letter }) => letter === "A".repeat(1_000))).toBe(true);
  expect(page.length).toBeLessThan(32 * 1024 ** 2);
  for (const text of portions) expect(text.length).toBeLessThan(2 * 1024 ** 2);
});

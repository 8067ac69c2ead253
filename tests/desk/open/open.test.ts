import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTarPacker, type TarHeader } from "modern-tar";
import { type PrivateKey, readPrivateKey } from "openpgp";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createArchive, createSubmission, type Document } from "../../../src/core/index.js";
import { createKeyPair, findSubmissions, keyOpener, type Outcome, openSubmissions } from "../../../src/desk/index.js";
import { encryptMessage, type Recipient } from "../../../src/openpgp/index.js";
import { streamOf, utf8 } from "../../support/bytes.js";
import { recipientOf } from "../../support/keys.js";
import { removeFolder } from "../../support/temporary.js";

const CASE = "0123456789abcdef0123456789abcdef";
const ROOT = "submission-01234567";

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

const bytesOf = async (stream: ReadableStream<Uint8Array>) => Buffer.from(await new Response(stream).arrayBuffer());

async function encrypted(content: ReadableStream<Uint8Array>): Promise<Buffer> {
  return bytesOf(await encryptMessage(content, [recipient], new Date()));
}

function submission(letter = "Привет\n", documents: readonly Document[] = [], caseId = CASE) {
  const form = { id: "default", version: 1 };
  const contents = { caseId, form, language: "ru", answers: {}, letter, documents, encryptedBy: "server" as const };
  return createSubmission(contents).stream;
}

async function open(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const files = await findSubmissions([inside("inbox")]);
  for await (const outcome of openSubmissions(files, { opener: keyOpener([key]), out: inside("out") }))
    outcomes.push(outcome);
  return outcomes;
}

const put = (name: string, contents: Buffer) => writeFile(inside("inbox", name), contents);

/** An archive by somebody who means harm: any headers, contents "x". */
async function hostile(...headers: readonly Partial<TarHeader>[]): Promise<Buffer> {
  const { readable, controller } = createTarPacker();
  const bytes = bytesOf(readable);
  for (const header of headers) {
    const body = (header.type ?? "file") === "file" ? "x" : "";
    const writer = controller.add({ name: "", size: body.length, type: "file", ...header }).getWriter();
    if (body !== "") await writer.write(new TextEncoder().encode(body));
    await writer.close();
  }
  controller.finalize();
  return encrypted(new Blob([await bytes]).stream());
}

const root = { name: `${ROOT}/`, type: "directory" } as const;

describe("opening submissions", () => {
  it("writes letter, record and documents for the owner only, with no exec bit, and remembers the source", async () => {
    const document = { name: "run.sh", type: "text/x-sh", size: 3, open: () => new Blob(["abc"]).stream() };
    await put("a.tar.gpg", await encrypted(submission("Привет\n", [document])));
    expect(await open()).toEqual([
      {
        kind: "opened",
        file: inside("inbox/a.tar.gpg"),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        folder: inside("out", ROOT),
        place: "case",
      },
    ]);
    const files = (await readdir(inside("out", ROOT), { recursive: true })).sort();
    expect(files).toEqual(["files", "files/01-run.sh", "letter.txt", "source.json", "submission.json"]);
    for (const name of files) {
      const about = await stat(inside("out", ROOT, name));
      expect(about.mode & 0o777).toBe(about.isDirectory() ? 0o700 : 0o600);
    }
    const source = JSON.parse(await readFile(inside("out", ROOT, "source.json"), "utf8")) as { file: string };
    expect(source).toEqual({
      file: "a.tar.gpg",
      day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it("puts a second submission of one case beside the first, and never over it", async () => {
    await put("a.gpg", await encrypted(submission("first\n")));
    await put("b.gpg", await encrypted(submission("second\n")));
    expect((await open()).map(({ kind }) => kind)).toEqual(["opened", "opened"]);
    expect(await readFile(inside("out", ROOT, "letter.txt"), "utf8")).toBe("first\n");
    expect(await readFile(inside("out", `${ROOT}-2`, "letter.txt"), "utf8")).toBe("second\n");
  });

  it("opens the same file once, under any name and in every run", async () => {
    const message = await encrypted(submission());
    await put("a.gpg", message);
    await put("copy.gpg", message);
    expect((await open()).map(({ kind }) => kind)).toEqual(["opened", "known"]);
    await put("late.gpg", message);
    expect((await open()).map(({ kind }) => kind)).toEqual(["known", "known", "known"]);
    expect(await readdir(inside("out"))).toEqual([ROOT]);
  });

  it("opens a case again after staff deleted it", async () => {
    await put("a.gpg", await encrypted(submission()));
    await open();
    await rm(inside("out", ROOT), { recursive: true });
    expect((await open()).map(({ kind }) => kind)).toEqual(["opened"]);
  });

  it("leaves nothing unauthenticated behind when any bit is wrong", async () => {
    const message = await encrypted(submission("Привет\n".repeat(5_000)));
    const positions = Array.from({ length: 24 }, (_, index) => Math.floor(((index + 0.5) / 24) * message.length));
    for (const position of [0, 1, ...positions, message.length - 1]) {
      const damaged = Buffer.from(message);
      damaged[position] = (damaged[position] ?? 0) ^ 1;
      await put(`${String(position).padStart(8, "0")}.gpg`, damaged);
    }
    const outcomes = await open();
    expect(outcomes).toHaveLength(27);
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(27).fill("failed"));
    expect(await readdir(inside("out"))).toEqual([]);
  });

  it("leaves nothing behind when the file is truncated anywhere", async () => {
    const message = await encrypted(submission());
    for (const length of [0, 1, 50, 95, 96, 97, 98, 150, 600, 40_000, message.length - 22, message.length - 1]) {
      await put(`${String(length).padStart(8, "0")}.gpg`, message.subarray(0, length));
    }
    expect((await open()).map(({ kind }) => kind)).toEqual(Array(12).fill("failed"));
    expect(await readdir(inside("out"))).toEqual([]);
  });

  it("says no_matching_key for a message to somebody else", async () => {
    await put("a.gpg", await encrypted(submission()));
    const other = await createKeyPair({ profile: "gnupg", userId: { name: "t" }, passphrase: "", lifetime: 1e6 });
    const keys = [await readPrivateKey({ armoredKey: other.secretKey })];
    for await (const outcome of openSubmissions([inside("inbox/a.gpg")], {
      opener: keyOpener(keys),
      out: inside("out"),
    })) {
      expect(outcome).toMatchObject({ kind: "failed", cause: { code: "no_matching_key" } });
    }
  });

  it.each([
    ["a path that escapes", "unsafe_path", [root, { name: `${ROOT}/../../evil` }]],
    ["a path with a backslash", "unsafe_path", [root, { name: `${ROOT}/files/01-..\\evil` }]],
    ["another root", "unsafe_path", [root, { name: "submission-ffffffff/letter.txt" }]],
    ["a file before its root", "unsafe_path", [{ name: `${ROOT}/letter.txt` }, root]],
    ["a folder that it may not have", "unsafe_path", [root, { name: `${ROOT}/more/`, type: "directory" }]],
    ["a file that would pass for ours", "unsafe_path", [root, { name: `${ROOT}/source.json` }]],
    ["a symbolic link", "forbidden_type", [root, { name: `${ROOT}/letter.txt`, type: "symlink", linkname: "/etc" }]],
    ["a hard link", "forbidden_type", [root, { name: `${ROOT}/letter.txt`, type: "link", linkname: "/etc/passwd" }]],
    ["a device", "forbidden_type", [root, { name: `${ROOT}/letter.txt`, type: "character-device" }]],
    ["a pipe", "forbidden_type", [root, { name: `${ROOT}/letter.txt`, type: "fifo" }]],
    ["a pax header", "forbidden_type", [root, { name: `${ROOT}/letter.txt`, pax: { path: "../evil" } }]],
    ["one name twice", "duplicate_entry", [root, { name: `${ROOT}/letter.txt` }, { name: `${ROOT}/letter.txt` }]],
    ["no letter", "malformed", [root]],
  ] as const)("refuses an archive with %s: %s", async (_what, code, headers) => {
    await put("a.gpg", await hostile(...headers));
    expect(await open()).toMatchObject([{ kind: "failed", cause: { code } }]);
    expect(await readdir(inside("out"))).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(["inbox", "out"]);
  });

  it("refuses an archive with a record that is no JSON", async () => {
    await put("a.gpg", await hostile(root, { name: `${ROOT}/letter.txt` }, { name: `${ROOT}/submission.json` }));
    expect(await open()).toMatchObject([{ kind: "failed", cause: { code: "malformed" } }]);
    expect(await readdir(inside("out"))).toEqual([]);
  });

  it("refuses an archive whose folder and record do not agree", async () => {
    const record = utf8(JSON.stringify({ format: "postern-submission", version: 1, case: CASE, files: [] }));
    const files = [
      { name: "letter.txt", size: 2, open: () => streamOf(utf8("x\n")) },
      { name: "submission.json", size: record.length, open: () => streamOf(record) },
    ];
    await put("a.gpg", await encrypted(createArchive("submission-ffffffff", [], files).stream));
    await put("b.gpg", await encrypted(createArchive(ROOT, [], files).stream));
    expect(await open()).toMatchObject([{ kind: "failed", cause: { code: "malformed" } }, { kind: "opened" }]);
    expect(await readdir(inside("out"))).toEqual([ROOT]);
  });

  it("removes the leftovers of a killed run, but not the work of another run", async () => {
    await mkdir(inside("out/.opening-999999999-dead"), { recursive: true });
    await mkdir(inside(`out/.opening-${process.pid}-alive`));
    await utimes(inside("out/.opening-999999999-dead"), 0, 0);
    await put("a.gpg", await encrypted(submission()));
    await open();
    expect((await readdir(inside("out"))).sort()).toEqual([`.opening-${process.pid}-alive`, ROOT]);
  });

  it("goes on after a failure", async () => {
    await put("a.gpg", Buffer.from("nonsense"));
    await put("b.gpg", await encrypted(submission()));
    expect((await open()).map(({ kind }) => kind)).toEqual(["failed", "opened"]);
  });
});

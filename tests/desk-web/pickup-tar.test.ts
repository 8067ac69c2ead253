import { createHash } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isPickup, readPickup } from "../../src/desk-web/pickup-tar.js";
import { concat } from "../support/bytes.js";
import { makePickupDownload } from "../support/pickup-download.js";
import { Random } from "../support/seed.js";
import { removeFolder } from "../support/temporary.js";
import { END_MARK, file, folder, type RawEntry, rawArchive, rawEntry } from "../support/ustar.js";

const DAY = "2026-11-23";
const TAR = `submissions-${DAY}.tar`;
const ID = `${"a".repeat(32)}.tar.gpg`;
const OTHER = `${"b".repeat(32)}.tar.gpg`;
let place: string;
let archive: Buffer<ArrayBuffer>;
let contents: ReadonlyMap<string, Buffer>;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "postern-pickup-tar-"));
  ({ archive, contents } = await makePickupDownload(place, DAY));
});
afterAll(() => removeFolder(place));

const read = (bytes: Uint8Array<ArrayBuffer>) => readPickup(new File([bytes], TAR));
const readEntries = (...entries: readonly RawEntry[]) => read(rawArchive(entries));
const line = (text: string, name = ID) => `${createHash("sha256").update(text).digest("hex")}  ${name}\n`;
const manifest = (...lines: readonly string[]) => file("MANIFEST.txt", lines.join(""));
const codes = ({ refused }: Awaited<ReturnType<typeof read>>) => refused.map(({ name, error }) => [name, error.code]);
const names = ({ files }: Awaited<ReturnType<typeof read>>) => files.map(({ name }) => name);

describe("a download from the pickup pages, read in a browser,", () => {
  it("gives each submission with its day and its bytes", async () => {
    const found = await read(archive);
    expect(codes(found)).toEqual([]);
    expect(names(found).sort()).toEqual([...contents.keys()].sort());
    for (const each of found.files) {
      expect(new Date(each.lastModified).toISOString()).toBe(`${DAY}T00:00:00.000Z`);
      expect(contents.get(each.name)?.equals(Buffer.from(await each.arrayBuffer()))).toBe(true);
    }
  });

  it("gives nothing of one that broke off, wherever it did", async () => {
    const random = new Random("broken downloads");
    for (let count = 0; count < 30; count += 1) {
      const found = await read(archive.subarray(0, random.integer(0, archive.length - 4 * 512)));
      expect([names(found), codes(found)]).toEqual([[], [[TAR, "pickup_incomplete"]]]);
    }
  });

  it("names the submission of which a byte has changed, and gives the others", async () => {
    const changed = Buffer.from(archive);
    changed[archive.indexOf("b".repeat(1_000)) + 70_000] = 0x63;
    const found = await read(changed);
    const [long] = [...contents].find(([, each]) => each.length === 600_000) ?? [""];
    expect(codes(found)).toEqual([[long, "pickup_not_the_same"]]);
    expect(names(found).sort()).toEqual([...contents.keys()].filter((name) => name !== long).sort());
  });

  it("names what MANIFEST.txt lists and what is not there, and what is there and not listed", async () => {
    const found = await readEntries(file(ID, "x"), manifest(line("y", OTHER)));
    expect(names(found)).toEqual([]);
    expect(codes(found)).toEqual([
      [OTHER, "pickup_missing"],
      [ID, "pickup_not_the_same"],
    ]);
  });

  it("has a day even if its header has none that a calendar knows", async () => {
    // In the field of the time, 0x80 makes a number to the base 256: here 2^48 - 1.
    const time = [0x80, 0, 0, 0, 0, 0, ...Array.from({ length: 6 }, () => 0xff)];
    const patch = Object.fromEntries(time.map((byte, at) => [136 + at, byte]));
    const found = await readEntries({ ...file(ID, "x"), patch }, manifest(line("x")));
    expect(found.files.map(({ lastModified }) => new Date(lastModified).getUTCFullYear())).toEqual([9999]);
  });

  it.each<[string, readonly RawEntry[]]>([
    ["another file", [file(ID, "x"), file("run.sh"), manifest(line("x"))]],
    ["a file twice", [file(ID, "x"), file(ID, "y"), manifest(line("x"))]],
    ["a file after MANIFEST.txt", [manifest(line("x")), file(ID, "x")]],
    ["two manifests", [file(ID, "x"), manifest(line("x")), manifest(line("x"))]],
    ["a folder", [folder("inbox/"), file(ID, "x"), manifest(line("x"))]],
    ["a path", [file(`../${ID}`, "x"), manifest(line("x"))]],
    ["a path from the root", [file(`/${ID}`, "x"), manifest(line("x"))]],
    ["a path in a prefix", [{ ...file(ID, "x"), prefix: ".." }, manifest(line("x"))]],
    ["a link", [{ name: ID, type: "2", link: "/etc/passwd" }, manifest(line(""))]],
    ["a hard link", [{ name: ID, type: "1", link: OTHER }, manifest(line(""))]],
    ["a device", [{ name: ID, type: "3" }, manifest(line(""))]],
    ["a longer name, as pax has it", [{ name: "x", type: "x", body: new Uint8Array(20) }, manifest()]],
    ["a wrong checksum", [{ ...file(ID, "x"), checksum: "000000\0 " }, manifest(line("x"))]],
    ["a size that is no number", [{ ...file(ID, "x"), size: "zzzzzzzzzzz\0" }, manifest(line("x"))]],
    ["a manifest with a path", [file(ID, "x"), manifest(line("x", "../x.tar.gpg"))]],
    ["a manifest with a line twice", [file(ID, "x"), manifest(line("x"), line("x"))]],
    ["a manifest of other words", [file(ID, "x"), manifest("hello\n")]],
  ])("is not taken with %s", async (_what, entries) => {
    const found = await readEntries(...entries);
    expect([names(found), codes(found)]).toEqual([[], [[TAR, "not_a_pickup"]]]);
  });

  it.each<[string, RawEntry]>([
    ["is larger than the download", { ...file(ID, "x"), size: "77777777777\0" }],
    [
      "is larger than any disk",
      { ...file(ID, "x"), size: new Uint8Array([0x80, 0, 0, 0, 0, 0x1f, ...Array(6).fill(255)]) },
    ],
  ])("is not taken with a file that says it %s", async (_what, entry) => {
    const found = await readEntries(entry, manifest(line("x")));
    expect([names(found), codes(found)]).toEqual([[], [[TAR, "pickup_incomplete"]]]);
  });

  it.each<[string, string, Uint8Array<ArrayBuffer>]>([
    ["no bytes", "pickup_incomplete", new Uint8Array(0)],
    ["no files", "pickup_incomplete", new Uint8Array(END_MARK)],
    ["no manifest", "pickup_incomplete", rawArchive([file(ID, "x")])],
    ["no end", "pickup_incomplete", concat(rawEntry(file(ID, "x")), rawEntry(manifest(line("x"))))],
    ["a text", "not_a_pickup", new TextEncoder().encode("x".repeat(2_000))],
  ])("is not taken with %s: %s", async (_what, code, bytes) => {
    const found = await read(bytes);
    expect([names(found), codes(found)]).toEqual([[], [[TAR, code]]]);
  });

  it("is not taken where it cannot be read, and says why", async () => {
    const gone = new File([archive], TAR);
    gone.slice = () => {
      throw new DOMException("gone", "NotFoundError");
    };
    expect(codes(await readPickup(gone))).toEqual([[TAR, "unreadable"]]);
  });
});

describe("what the pickup pages may have made", () => {
  it.each([
    ["any.tar", "", true],
    ["any.tar", "inbox/any.tar", false],
    [TAR, `inbox/${TAR}`, true],
    [ID, "", false],
    ["x.tar.gz", "", false],
  ])("is %s, chosen as %j: %s", (name, webkitRelativePath, expected) => {
    expect(isPickup({ name, webkitRelativePath })).toBe(expected);
  });
});

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ContentsLayout, layoutOf, readTar, type TarLimits } from "../../src/core/index.js";
import { collect, concat, pieces, streamOf, utf8 } from "../support/bytes.js";
import { mutated } from "../support/mutations.js";
import { seeded, WITH_SEED } from "../support/seed.js";
import { requireTools } from "../support/tools.js";
import { END_MARK, file, folder, type RawEntry, rawArchive, rawEntry } from "../support/ustar.js";

const LIMITS: TarLimits = { files: 10, headers: 40, bytes: 100_000 };

/** Every entry, as `kind path: contents`. */
async function read(archive: Uint8Array, size = archive.length, limits = LIMITS): Promise<string[]> {
  const entries: string[] = [];
  for await (const { kind, path, body } of readTar(streamOf(...pieces(archive, Math.max(1, size))), limits)) {
    entries.push(`${kind} ${path}: ${new TextDecoder().decode(await collect(body))}`);
  }
  return entries;
}

const fault = (archive: Uint8Array, limits = LIMITS) =>
  read(archive, archive.length, limits).then(String, (cause) => cause.code);
const long = `docs/${"a".repeat(120)}/${"ж".repeat(80)}.txt`;
const pax = (...records: readonly string[]) => records.map(paxRecord).join("");
function paxRecord(record: string): string {
  const bytes = utf8(record).length + 2;
  const length = [1, 2, 3, 4].find((digits) => String(bytes + digits).length === digits) ?? 0;
  return `${bytes + length} ${record}\n`;
}
const header = (type: string, body: string | Uint8Array, more: Partial<RawEntry> = {}): RawEntry => ({
  ...file("x", body),
  type,
  ...more,
});

describe.runIf(requireTools("folders that GNU tar packed", "tar"))("a folder that GNU tar packed", () => {
  it.each(["v7", "oldgnu", "gnu", "ustar", "posix"])("is read, in the format %s", async (format) => {
    const at = mkdtempSync(join(tmpdir(), "postern-tar-"));
    try {
      const name = ["v7", "ustar"].includes(format) ? "docs/письмо.txt" : long;
      mkdirSync(join(at, name, ".."), { recursive: true });
      writeFileSync(join(at, name), "Здравствуйте");
      writeFileSync(join(at, "docs/empty"), "");
      symlinkSync("/etc/passwd", join(at, "docs/link"));
      const words = ["--sort=name", `--format=${format}`, "-C", at, "-cf", "-", "docs"];
      const archive = execFileSync("tar", words, { stdio: ["ignore", "pipe", "ignore"] });
      expect(layoutOf(archive.subarray(0, 512))).toBe("folder");
      const entries = [`file ${name}: Здравствуйте`, "file docs/empty: ", "other docs/link: "];
      for (const size of [1, 511, 512, 513, archive.length]) {
        expect((await read(archive, size)).sort()).toEqual([...entries].sort());
      }
    } finally {
      rmSync(at, { recursive: true });
    }
  });
});

describe("a tar by any other program", () => {
  const binarySize = new Uint8Array([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
  const names = utf8("012");
  it.each<[string, readonly RawEntry[], readonly string[]]>([
    ["with GNU's long names", [header("L", `${long}\0`), file("cut", "1")], [`file ${long}: 1`]],
    ["with pax names", [header("x", pax(`path=${long}`, "mtime=1.5")), file("cut", "1")], [`file ${long}: 1`]],
    ["with the pax headers of Solaris", [header("X", pax("path=a=b")), file("cut", "1")], ["file a=b: 1"]],
    [
      "with a size in pax",
      [header("x", pax("size=3")), { ...file("a", names), size: "00000000000\0" }],
      ["file a: 012"],
    ],
    ["with a size in base 256", [{ ...file("a", names), size: binarySize }], ["file a: 012"]],
    ["with sizes among spaces", [{ ...file("a", names), size: "          3 " }], ["file a: 012"]],
    [
      "with a global header",
      [header("g", pax("comment=x")), file("a", "1"), file("b", "2")],
      ["file a: 1", "file b: 2"],
    ],
    ["with a label", [header("V", ""), file("a", "1")], ["file a: 1"]],
    ["with GNU's folders", [header("D", "Yabc\0\0", { name: "docs/" }), file("docs/abc", "1")], ["file docs/abc: 1"]],
    ["with folders as files", [{ ...file("docs/"), type: "0" }, file("docs/a", "1")], ["file docs/a: 1"]],
    ["with files without a type", [{ ...file("a", "1"), type: "\0" }], ["file a: 1"]],
    ["with contiguous files", [{ ...file("a", "1"), type: "7" }], ["file a: 1"]],
    ["with types of the future", [{ ...file("a", "1"), type: "q" }], ["file a: 1"]],
    [
      "with names of Windows",
      [{ ...file("a", "1"), name: new Uint8Array([0xcf, 0xe8, 0xf1, 0xfc, 0xec, 0xee]) }],
      ["file Письмо: 1"],
    ],
    ["of Unix V7", [{ ...file("a", "1"), magic: "\0\0\0\0\0\0\0\0" }], ["file a: 1"]],
    ["with one name twice", [file("a", "1"), file("a", "2")], ["file a: 1", "file a: 2"]],
    ["with sums of signed bytes", [{ ...file("ж", "1"), checksum: "004577\0 " }], []],
  ])("is read %s", async (what, entries, expected) => {
    if (what === "with sums of signed bytes") {
      const block = rawEntry({ ...file("ж", "1"), checksum: "" });
      block.fill(0x20, 148, 156);
      const sum = block.subarray(0, 512).reduce((total, byte) => total + (byte < 0x80 ? byte : byte - 256), 0);
      block.set(utf8(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
      return expect(await read(concat(block, END_MARK))).toEqual(["file ж: 1"]);
    }
    expect(await read(rawArchive(entries))).toEqual(expected);
  });

  it.each([
    ["no end mark", new Uint8Array(0)],
    ["half an end mark", new Uint8Array(512)],
    ["more after the end mark", concat(END_MARK, utf8("more"))],
  ])("may have %s", async (_what, end) => {
    expect(await read(rawArchive([file("a", "1")], end))).toEqual(["file a: 1"]);
  });

  it.each(["1", "2", "3", "4", "6"])("never gives a body to a link or a device: type %s", async (type) => {
    const entries = [
      { ...header(type, ""), name: "../evil", link: "/etc/passwd", size: "00000000777\0" },
      file("a", "1"),
    ];
    expect(await read(rawArchive(entries))).toEqual(["other ../evil: ", "file a: 1"]);
  });

  it.each<[string, string, Uint8Array]>([
    ["a damaged header", "malformed", rawArchive([file("a", "1"), { ...file("b"), checksum: "000000\0 " }])],
    ["a malformed pax header", "malformed", rawArchive([header("x", "9999 path=a\n"), file("a")])],
    ["a pax header without a key", "malformed", rawArchive([header("x", "6 =ab\n"), file("a")])],
    ["a pax size that is no number", "malformed", rawArchive([header("x", pax("size=-1")), file("a")])],
    ["a file that is cut off", "truncated", rawArchive([file("a", "12345")], new Uint8Array(0)).subarray(0, 514)],
    ["a fill that is cut off", "truncated", rawArchive([file("a", "12345")], new Uint8Array(0)).subarray(0, 600)],
    ["a header that is cut off", "truncated", concat(rawEntry(file("a")), rawEntry(file("b")).subarray(0, 100))],
    ["a sparse file of GNU", "unsupported", rawArchive([header("S", "")])],
    ["a sparse file in pax", "unsupported", rawArchive([header("x", pax("GNU.sparse.major=1")), file("a")])],
    ["a part of a volume", "unsupported", rawArchive([header("M", "")])],
    ["a size beyond every limit", "too_large", rawArchive([{ ...file("a"), size: "77777777777\0" }])],
    ["a pax size beyond every limit", "too_large", rawArchive([header("x", pax("size=999999999999999")), file("a")])],
    ["a long name of a gigabyte", "too_large", rawArchive([header("L", "", { size: "10000000000\0" })])],
  ])("is refused for %s: %s", async (_what, code, archive) => {
    expect(await fault(archive)).toBe(code);
  });

  it("is limited in files, headers and bytes, at the limit and not before", async () => {
    const many = (count: number, entry: RawEntry) => rawArchive(Array.from({ length: count }, () => entry));
    expect(await read(many(10, file("a")))).toHaveLength(10);
    expect(await fault(many(11, file("a")))).toBe("too_many_entries");
    expect(await read(many(40, folder("a/")))).toEqual([]);
    expect(await fault(many(41, folder("a/")))).toBe("too_many_entries");
    expect(await fault(many(41, header("x", pax("path=a"))))).toBe("too_many_entries");
    expect(await read(many(2, file("a", new Uint8Array(50_000))))).toHaveLength(2);
    expect(await fault(rawArchive([file("a", new Uint8Array(50_000)), file("b", new Uint8Array(50_001))]))).toBe(
      "too_large",
    );
  });

  it(`comes to an end, whatever is in it ${WITH_SEED}`, async () => {
    const valid = [
      rawArchive([folder("docs/"), file("docs/a", "1"), header("x", pax(`path=${long}`)), file("b", names)]),
      rawArchive([header("L", `${long}\0`), { ...file("a", names), size: binarySize }, header("2", "")]),
    ];
    await fc.assert(
      fc.asyncProperty(mutated(valid, 512), async (archive) => {
        expect(
          ["malformed", "truncated", "unsupported", "too_many_entries", "too_large"].includes(await fault(archive)) ||
            (await read(archive)).length < 10,
        ).toBe(true);
      }),
      seeded(2_000),
    );
  });
});

describe("the layout of what a message holds", () => {
  it.each<[string, Uint8Array, ContentsLayout]>([
    ["an archive of ours", rawArchive([folder("submission-0123abcd/")]), "form"],
    ["one with a damaged header", rawArchive([{ ...folder("submission-0123abcd/"), checksum: "000000\0 " }]), "form"],
    ["one that does not begin with its folder", rawArchive([file("submission-0123abcd/letter.txt")]), "form"],
    ["another name", rawArchive([folder("submission-0123abcde/")]), "folder"],
    ["a folder", rawArchive([folder("docs/")]), "folder"],
    ["a file in a tar", rawArchive([file("letter.txt", "1")]), "folder"],
    ["a path that leaves the folder", rawArchive([file("../../submission-0123abcd/x")]), "folder"],
    ["a letter", utf8("Здравствуйте"), "document"],
    ["a long letter", utf8("Здравствуйте\n".repeat(100)), "document"],
    ["zeros", new Uint8Array(10_240), "document"],
    ["nothing", new Uint8Array(0), "document"],
  ])("is judged by its first block: %s", (_what, contents, layout) => {
    expect(layoutOf(contents.subarray(0, 512))).toBe(layout);
  });
});

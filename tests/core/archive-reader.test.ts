import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ArchiveEntry,
  ArchiveError,
  type ArchiveFault,
  type ArchiveLimits,
  createArchive,
  readArchive,
  readWholeArchive,
} from "../../src/core/index.js";
import {
  codeOf,
  collect,
  concat,
  countedStream,
  failureOf,
  pieces,
  splitAt,
  streamOf,
  utf8,
} from "../support/bytes.js";
import { run } from "../support/gpg.js";
import { Random, seeded, WITH_SEED } from "../support/seed.js";
import { requireTools } from "../support/tools.js";
import { END_MARK, file, folder, type RawEntry, REQUIRED, ROOT, rawArchive, rawEntry } from "../support/ustar.js";

const FAULTS: Readonly<Record<ArchiveFault, true>> = {
  duplicate_entry: true,
  forbidden_type: true,
  malformed: true,
  not_an_archive: true,
  too_large: true,
  too_many_entries: true,
  trailing_data: true,
  truncated: true,
  unsafe_path: true,
};

interface Read {
  readonly kind: ArchiveEntry["kind"];
  readonly path: string;
  readonly body: string;
}

/** Everything in an archive, bodies as latin1 text for readable comparisons. */
async function readAll(chunks: readonly Uint8Array[], limits?: ArchiveLimits): Promise<Read[]> {
  const entries: Read[] = [];
  for await (const entry of readArchive(streamOf(...chunks), limits)) {
    const body = await collect(entry.body);
    expect(body.length).toBe(entry.size);
    expect(entry.root).toMatch(/^submission-[0-9a-f]{8}$/);
    entries.push({ kind: entry.kind, path: entry.path, body: Buffer.from(body).toString("latin1") });
  }
  return entries;
}

/** The same for an archive in memory. */
function readAllWhole(archive: Uint8Array, limits?: ArchiveLimits): Read[] {
  return Array.from(readWholeArchive(archive, limits), ({ kind, path, size, contents }) => {
    expect(contents.length).toBe(size);
    return { kind, path, body: Buffer.from(contents).toString("latin1") };
  });
}

/** Reads an archive to its end without reading any body. */
async function skipAll(chunks: readonly Uint8Array[], limits?: ArchiveLimits): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of readArchive(streamOf(...chunks), limits)) paths.push(path);
  return paths;
}

/**
 * The entries, or the code of the refusal; any other error fails the test. The streaming and the in-memory reader must
 * agree.
 */
async function verdict(
  chunks: readonly Uint8Array[],
  limits?: ArchiveLimits,
): Promise<readonly unknown[] | ArchiveFault> {
  const found = await verdictOf(() => readAll(chunks, limits));
  expect(await verdictOf(() => readAllWhole(concat(...chunks), limits))).toEqual(found);
  return found;
}

async function verdictOf(read: () => Read[] | Promise<Read[]>): Promise<readonly Read[] | ArchiveFault> {
  try {
    return await read();
  } catch (failure) {
    if (!(failure instanceof ArchiveError) || !(failure.code in FAULTS)) throw failure;
    return failure.code;
  }
}

function withExtra(...entries: readonly RawEntry[]): Uint8Array<ArrayBuffer> {
  return rawArchive([...REQUIRED, ...entries]);
}

const bytes = new Random("archive reader").bytes(1500);
const GOOD = withExtra(file(`${ROOT}/files/01-паспорт.jpg`, bytes), file(`${ROOT}/padding`, new Uint8Array(700)));
const GOOD_PATHS = ["", "files", "letter.txt", "submission.json", "files/01-паспорт.jpg", "padding"];

describe("an archive made by createArchive", () => {
  test.each([0, 1, 511, 512, 513, 65_535, 65_536, 65_537])(
    "survives a round trip with a file of %i bytes",
    async (size) => {
      const body = new Random(`round trip ${size}`).bytes(size);
      const { stream } = createArchive(
        ROOT,
        ["files"],
        [
          { name: "letter.txt", size: 6, open: () => streamOf(utf8("letter")) },
          { name: "submission.json", size: 2, open: () => streamOf(utf8("{}")) },
          { name: `files/01-${"ж".repeat(48)}`, size, open: () => streamOf(body) },
        ],
      );
      const entries = await readAll([await collect(stream)]);
      expect(entries.map(({ kind, path }) => [kind, path])).toEqual([
        ["folder", ""],
        ["folder", "files"],
        ["file", "letter.txt"],
        ["file", "submission.json"],
        ["file", `files/01-${"ж".repeat(48)}`],
        ["file", "padding"],
      ]);
      expect(entries[4]?.body).toBe(Buffer.from(body).toString("latin1"));
    },
  );

  test.each([1, 2, 3, 511, 512, 513, 1024, 65_536])("is read the same in chunks of %i bytes", async (size) => {
    expect(await readAll(pieces(GOOD, size))).toEqual(readAllWhole(GOOD));
  });

  test("allows a body to be read, partly read or skipped", async () => {
    expect(await skipAll([GOOD])).toEqual(GOOD_PATHS);
    const seen: string[] = [];
    for await (const { path, body } of readArchive(streamOf(...pieces(GOOD, 512)))) {
      seen.push(path);
      if (path.startsWith("files/")) expect((await body.getReader().read()).value).toEqual(bytes.subarray(0, 512));
      if (path === "padding") expect(await collect(body)).toEqual(new Uint8Array(700));
    }
    expect(seen).toEqual(GOOD_PATHS);
  });

  test("may lack the folder's trailing slash, and pad its numbers with leading spaces", async () => {
    const spaced = { ...file(`${ROOT}/letter.txt`, "letter"), size: "         6 \0" };
    const archive = rawArchive([folder(ROOT), folder(`${ROOT}/files`), spaced, file(`${ROOT}/submission.json`)]);
    expect(await skipAll([archive])).toEqual(["", "files", "letter.txt", "submission.json"]);
  });

  test("may have up to 64 KiB of zeros after its end mark", async () => {
    expect(await skipAll([concat(GOOD, new Uint8Array(64 * 1024))])).toEqual(GOOD_PATHS);
  });

  test("may fill its name field to the last byte", async () => {
    const path = `files/01-${"a".repeat(100 - `${ROOT}/files/01-`.length)}`;
    expect((await skipAll([withExtra(file(`${ROOT}/${path}`))])).at(-1)).toBe(path);
  });

  test("may split a long name between name and prefix", async () => {
    const archive = withExtra({ ...file("01-a.txt", "a"), prefix: `${ROOT}/files` });
    expect((await skipAll([archive])).at(-1)).toBe("files/01-a.txt");
  });
});

describe.runIf(requireTools("archives made by GNU tar", "tar"))("an archive made by GNU tar", () => {
  test("in the ustar format is accepted", async () => {
    const directory = await mkdtemp(join(tmpdir(), "pt-"));
    try {
      const name = `files/01-${"ж".repeat(46)}.jpg`;
      await mkdir(join(directory, ROOT, "files"), { recursive: true });
      await writeFile(join(directory, ROOT, "letter.txt"), "letter");
      await writeFile(join(directory, ROOT, "submission.json"), "{}");
      await writeFile(join(directory, ROOT, name), bytes);
      const { code, stdout } = await run("tar", ["--format=ustar", "--sort=name", "-cf", "-", ROOT], {
        cwd: directory,
      });
      expect(code).toBe(0);
      const entries = await readAll([stdout]);
      expect(new Set(entries.map(({ path }) => path))).toEqual(
        new Set(["", "files", name, "letter.txt", "submission.json"]),
      );
      expect(entries.find(({ path }) => path === name)?.body).toBe(Buffer.from(bytes).toString("latin1"));
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test.each(["gnu", "pax", "v7"])("in the %s format is refused", async (format) => {
    const directory = await mkdtemp(join(tmpdir(), "pt-"));
    try {
      await mkdir(join(directory, ROOT));
      const { stdout } = await run("tar", [`--format=${format}`, "-cf", "-", ROOT], { cwd: directory });
      expect(await verdict([stdout])).toBe(format === "pax" ? "forbidden_type" : "not_an_archive");
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe("a hostile archive is refused", () => {
  const body = utf8("x");
  const link = (type: string) => ({ name: `${ROOT}/files/01-a`, type, link: "/etc/passwd" });
  const typed = (type: string) => ({ name: `${ROOT}/files/01-a`, type });
  const named = (name: string | Uint8Array) => ({ name, body });
  const inFiles = (name: string) => named(`${ROOT}/files/${name}`);

  test.each<[string, ArchiveFault, readonly RawEntry[]]>([
    ["a path that climbs out", "unsafe_path", [named(`${ROOT}/../../etc/passwd`)]],
    ["a path that climbs out of files", "unsafe_path", [named(`${ROOT}/files/../letter.txt`)]],
    ["a path that climbs by its prefix", "unsafe_path", [{ ...named("01-a"), prefix: `${ROOT}/files/..` }]],
    ["a name that is two dots", "unsafe_path", [inFiles("..")]],
    ["an absolute path", "unsafe_path", [named("/etc/passwd")]],
    ["a Windows path", "unsafe_path", [named("C:\\Windows\\system.ini")]],
    ["a backslash in a name", "unsafe_path", [inFiles("01-a\\b")]],
    ["an empty name", "unsafe_path", [named("")]],
    ["a path with an empty part", "unsafe_path", [named(`${ROOT}//letter.txt`)]],
    ["a path with a dot for a part", "unsafe_path", [named(`${ROOT}/./padding`)]],
    ["a second root", "unsafe_path", [folder("submission-5e6f7a8b/")]],
    ["a file below a second root", "unsafe_path", [named("submission-5e6f7a8b/padding")]],
    ["a file beside the known ones", "unsafe_path", [named(`${ROOT}/notes.txt`)]],
    ["a file in a folder beside files", "unsafe_path", [named(`${ROOT}/more/01-a`)]],
    ["a folder beside files", "unsafe_path", [folder(`${ROOT}/more/`)]],
    ["a folder inside files", "unsafe_path", [folder(`${ROOT}/files/01-a/`)]],
    ["a file inside a folder inside files", "unsafe_path", [inFiles("01-a/01-b")]],
    ["a folder where a file should be", "unsafe_path", [folder(`${ROOT}/padding/`)]],
    ["a file that ends in a slash", "unsafe_path", [named(`${ROOT}/padding/`)]],
    ["a file in files that ends in a slash", "unsafe_path", [inFiles("01-a/")]],
    ["a name without a number", "unsafe_path", [inFiles("a.txt")]],
    ["a trailing dot", "unsafe_path", [inFiles("01-a.")]],
    ["a control character", "unsafe_path", [inFiles("01-a\nb")]],
    ["a terminal's escape sequence", "unsafe_path", [inFiles("01-\x1b]0;a\x07")]],
    ["a bidi override", "unsafe_path", [inFiles("01-\u202ecod.exe")]],
    ["a byte order mark before the root", "unsafe_path", [named(`\ufeff${ROOT}/padding`)]],
    ["a stream on Windows", "unsafe_path", [inFiles("01-a.txt:b")]],
    ["a name that is not UTF-8", "malformed", [named(concat(utf8(`${ROOT}/files/01-`), new Uint8Array([0xff, 0xfe])))]],
    ["an overlong slash", "malformed", [named(concat(utf8(`${ROOT}/files/01-`), new Uint8Array([0xc0, 0xaf])))]],
    ["a name that goes on after its end", "malformed", [inFiles("01-a\0b")]],
    ["a symbolic link", "forbidden_type", [link("2")]],
    ["a hard link", "forbidden_type", [link("1")]],
    ["a character device", "forbidden_type", [typed("3")]],
    ["a block device", "forbidden_type", [typed("4")]],
    ["a named pipe", "forbidden_type", [typed("6")]],
    ["a contiguous file", "forbidden_type", [typed("7")]],
    ["a file of the old type", "forbidden_type", [typed("\0")]],
    ["a pax header", "forbidden_type", [{ name: `${ROOT}/files/01-a`, type: "x", body: utf8("16 path=/etc/x\n") }]],
    ["a global pax header", "forbidden_type", [{ name: "pax", type: "g", body: utf8("16 path=/etc/x\n") }]],
    ["a GNU long name", "forbidden_type", [{ name: "././@LongLink", type: "L", body: utf8("/etc/passwd\0") }]],
    ["a GNU long link", "forbidden_type", [{ name: "././@LongLink", type: "K", body: utf8("/etc/passwd\0") }]],
    ["a GNU sparse file", "forbidden_type", [typed("S")]],
    ["a GNU volume label", "forbidden_type", [typed("V")]],
    ["a file with a link target", "forbidden_type", [{ ...inFiles("01-a"), link: "/etc/passwd" }]],
    ["a folder with contents", "malformed", [{ ...folder(`${ROOT}/files/`), body }]],
    [
      "a size in base 256",
      "malformed",
      [{ ...inFiles("01-a"), size: new Uint8Array([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]) }],
    ],
    ["a negative size", "malformed", [{ ...inFiles("01-a"), size: "-0000000001\0" }]],
    ["a size that is no number", "malformed", [{ ...inFiles("01-a"), size: "0000000000x\0" }]],
    ["a size with an eight in it", "malformed", [{ ...inFiles("01-a"), size: "00000000008\0" }]],
    ["no size at all", "malformed", [{ ...inFiles("01-a"), size: "\0".repeat(12) }]],
    ["two sizes", "malformed", [{ ...inFiles("01-a"), size: "00001\x0000001\0" }]],
    ["a wrong checksum", "malformed", [{ ...inFiles("01-a"), checksum: "000000\0 " }]],
    ["a checksum that is no number", "malformed", [{ ...inFiles("01-a"), checksum: "        " }]],
    ["GNU magic", "malformed", [{ ...inFiles("01-a"), magic: "ustar  \0" }]],
    ["a header of the seventies", "malformed", [{ ...inFiles("01-a"), magic: "" }]],
    ["something between two entries", "malformed", [{ ...inFiles("01-a"), fill: 1 }]],
    ["one name twice", "duplicate_entry", [inFiles("01-a"), inFiles("01-a")]],
    ["one name in two cases", "duplicate_entry", [inFiles("01-ПАСПОРТ.jpg"), inFiles("01-паспорт.JPG")]],
    ["one name in two normal forms", "duplicate_entry", [inFiles("01-\u0439"), inFiles("01-\u0438\u0306")]],
    ["one name with two sigmas", "duplicate_entry", [inFiles("01-ΑΣ"), inFiles("01-ας")]],
    ["one name with two other sigmas", "duplicate_entry", [inFiles("01-ασ"), inFiles("01-ας")]],
    ["one name with a dotted capital i", "duplicate_entry", [inFiles("01-\u0130"), inFiles("01-i\u0307")]],
    ["one name with a capital sharp s", "duplicate_entry", [inFiles("01-\u1e9e"), inFiles("01-\u00df")]],
    ["one name with a long s", "duplicate_entry", [inFiles("01-s"), inFiles("01-\u017f")]],
    ["a second letter", "duplicate_entry", [named(`${ROOT}/letter.txt`)]],
    ["a second record", "duplicate_entry", [named(`${ROOT}/submission.json`)]],
    ["the root a second time", "duplicate_entry", [folder(`${ROOT}/`)]],
    ["the folder a second time", "duplicate_entry", [folder(`${ROOT}/files/`)]],
    ["two paddings", "duplicate_entry", [named(`${ROOT}/padding`), named(`${ROOT}/padding`)]],
  ])("with %s: %s", async (_, code, entries) => {
    expect(await codeOf(() => skipAll([withExtra(...entries)]))).toBe(code);
    expect(await codeOf(() => readAll(pieces(withExtra(...entries), 100)))).toBe(code);
    expect(await codeOf(async () => readAllWhole(withExtra(...entries)))).toBe(code);
  });

  test.each<[string, ArchiveFault, Uint8Array]>([
    ["nothing at all", "not_an_archive", new Uint8Array(0)],
    ["a letter", "not_an_archive", utf8("a letter\n".repeat(200))],
    ["zeros", "not_an_archive", new Uint8Array(10_240)],
    ["a GNU archive", "not_an_archive", rawEntry({ ...folder(`${ROOT}/`), magic: "ustar  \0" })],
    ["a file before the root", "unsafe_path", rawArchive([file(`${ROOT}/letter.txt`), ...REQUIRED])],
    ["a file for a root", "unsafe_path", rawArchive([file(ROOT), ...REQUIRED])],
    ["a root of another name", "unsafe_path", rawArchive([folder("submission/")])],
    ["a root in capitals", "unsafe_path", rawArchive([folder("submission-1A2B3C4D/")])],
    ["a root with a letter before it", "unsafe_path", rawArchive([folder(`a${ROOT}/`)])],
    ["a root with a digit after it", "unsafe_path", rawArchive([folder(`${ROOT}5/`)])],
    ["a root that is two deep", "unsafe_path", rawArchive([folder(`a/${ROOT}/`)])],
    ["a root from the file system's root", "unsafe_path", rawArchive([folder(`/${ROOT}/`)])],
    ["no letter", "malformed", rawArchive(REQUIRED.filter(({ name }) => name !== `${ROOT}/letter.txt`))],
    ["no record", "malformed", rawArchive(REQUIRED.filter(({ name }) => name !== `${ROOT}/submission.json`))],
    ["only a root", "malformed", rawArchive([folder(`${ROOT}/`)])],
    ["half an end mark", "truncated", rawArchive(REQUIRED, new Uint8Array(512))],
    ["no end mark", "truncated", rawArchive(REQUIRED, new Uint8Array(0))],
    [
      "an entry after a zero block",
      "malformed",
      rawArchive(REQUIRED, concat(new Uint8Array(512), rawEntry(file(`${ROOT}/padding`)), END_MARK)),
    ],
    ["a byte after the end", "trailing_data", concat(GOOD, new Uint8Array([1]))],
    ["a second archive after the end", "trailing_data", concat(GOOD, GOOD)],
    ["a byte far after the end", "trailing_data", concat(GOOD, new Uint8Array(60_000), new Uint8Array([1]))],
    ["too many zeros after the end", "trailing_data", concat(GOOD, new Uint8Array(64 * 1024 + 1))],
  ])("that is or has %s: %s", async (_, code, archive) => {
    expect(await codeOf(() => skipAll([archive]))).toBe(code);
    expect(await codeOf(() => readAll(pieces(archive, 77)))).toBe(code);
    expect(await codeOf(async () => readAllWhole(archive))).toBe(code);
  });

  test("with more bytes than the limit, before they are read", async () => {
    const { stream, count } = countedStream(2 ** 31, 65_536, 0);
    const head = concat(...REQUIRED.map(rawEntry), rawEntry({ name: `${ROOT}/padding`, size: "77777777777\0" }));
    const source = concatStreams(streamOf(head), stream);
    const read = async () => {
      for await (const _ of readArchive(source, { entries: 100, bytes: 8 ** 11 - 1 }));
    };
    expect(await codeOf(read)).toBe("too_large");
    expect(count.pulled).toBeLessThanOrEqual(65_536);
  });

  test("at one byte over the limit, all files together, and not at the limit", async () => {
    const archive = withExtra(
      file(`${ROOT}/files/01-a`, new Uint8Array(100)),
      file(`${ROOT}/files/02-b`, new Uint8Array(100)),
    );
    expect(await verdict([archive], { entries: 100, bytes: 207 })).toBe("too_large");
    expect(await verdict([archive], { entries: 100, bytes: 208 })).toHaveLength(6);
  });

  test("at one entry over the limit, and not at the limit", async () => {
    const many = Array.from({ length: 20 }, (_, index) => file(`${ROOT}/files/${index + 10}-a`));
    expect(await verdict([withExtra(...many)], { entries: 23, bytes: 1000 })).toBe("too_many_entries");
    expect(await verdict([withExtra(...many)], { entries: 24, bytes: 1000 })).toHaveLength(24);
  });

  test.each([
    ["no limits given, at 1100 entries", 1100, null],
    ["no limits given, at 1101 entries", 1101, "too_many_entries"],
  ])("with %s", async (_what, count, code) => {
    const many = Array.from({ length: count - REQUIRED.length }, (_, index) => file(`${ROOT}/files/${index + 10}-a`));
    const read = () => skipAll([withExtra(...many)]);
    if (code === null) expect(await read()).toHaveLength(count);
    else expect(await codeOf(read)).toBe(code);
  });

  test.each([
    ["4 GiB in all", "40000000000", "truncated"],
    ["a byte more", "40000000001", "too_large"],
  ])("with no limits given, by a header that claims %s", async (_what, octal, code) => {
    // No other file has a byte, so that the one says it all.
    const bare = REQUIRED.map(({ name, type = "0" }) => rawEntry({ name, type }));
    const archive = concat(...bare, rawEntry({ name: `${ROOT}/padding`, size: `${octal}\0` }));
    expect(await codeOf(() => skipAll([archive]))).toBe(code);
  });

  test("keeps the fault of a header, and what caused that, as its cause", async () => {
    const archive = withExtra({ name: concat(utf8(`${ROOT}/files/01-`), new Uint8Array([0xff])) });
    const failure = await failureOf(() => skipAll([archive]));
    expect(failure).toMatchObject({ code: "malformed", cause: { name: "HeaderError", code: "malformed" } });
    expect((failure as ArchiveError).cause).toHaveProperty("cause", expect.any(TypeError));
  });

  test("when it is cut off anywhere: at every block and around it, and at odd places", async () => {
    for (let length = 0; length < GOOD.length; length += length % 512 < 2 || length % 512 > 509 ? 1 : 37) {
      const code = await verdict([GOOD.subarray(0, length)]);
      expect(code, `cut off after ${length} bytes`).toBe(length < 512 ? "not_an_archive" : "truncated");
    }
  });
});

function concatStreams(...streams: readonly ReadableStream<Uint8Array>[]): ReadableStream<Uint8Array> {
  async function* all(): AsyncGenerator<Uint8Array> {
    for (const stream of streams) yield* stream;
  }
  const chunks = all();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

describe("the stream under an archive", () => {
  test("is cancelled when the archive is refused", async () => {
    const { stream, count } = countedStream(10_000_000);
    expect(await codeOf(() => readArchive(stream).next())).toBe("not_an_archive");
    expect(count.cancelled).toBe(true);
  });

  test("is cancelled when the reader stops early", async () => {
    let cancelled = false;
    const source = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const entry of REQUIRED) controller.enqueue(rawEntry(entry));
      },
      cancel() {
        cancelled = true;
      },
    });
    for await (const { path } of readArchive(source)) if (path === "letter.txt") break;
    expect(cancelled).toBe(true);
  });

  test("passes on its own error unchanged", async () => {
    const broken = new Error("the disk is gone");
    const source = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(GOOD.subarray(0, 1000));
      },
      pull() {
        throw broken;
      },
    });
    const read = async () => {
      for await (const _ of readArchive(source));
    };
    expect(await failureOf(read)).toBe(broken);
  });

  test("is read with backpressure, one chunk at a time, however large a file is", async () => {
    const size = 64 * 1024 * 1024;
    const { stream, count } = countedStream(size);
    const head = concat(
      ...REQUIRED.map(rawEntry),
      rawEntry({ name: `${ROOT}/padding`, size: `${size.toString(8).padStart(11, "0")}\0` }),
    );
    let seen = 0;
    for await (const entry of readArchive(concatStreams(streamOf(head), stream, streamOf(END_MARK)))) {
      if (entry.path !== "padding") continue;
      for await (const chunk of entry.body) {
        seen += chunk.length;
        expect(count.pulled - seen).toBeLessThanOrEqual(65_536);
      }
    }
    expect(seen).toBe(size);
  });
});

describe("arbitrary bytes", () => {
  const limits = { entries: 30, bytes: 20_000 };
  const places = fc.array(fc.nat(6000), { maxLength: 8 });
  const small = withExtra(file(`${ROOT}/files/01-a.txt`, "text"));
  const archives = fc.constantFrom(small, GOOD);
  const random = fc.oneof(fc.uint8Array({ maxLength: 1600 }), fc.uint8Array({ minLength: 512, maxLength: 1100 }));
  const change = fc.record({
    at: fc.nat(6000),
    byte: fc.nat(255),
    kind: fc.constantFrom("set", "insert", "delete", "block"),
  });
  const mutated = fc.tuple(archives, fc.array(change, { minLength: 1, maxLength: 3 })).map(([archive, changes]) =>
    changes.reduce<Uint8Array>((given, { at, byte, kind }) => {
      const place = at % given.length;
      const head = given.subarray(0, place);
      const one = new Uint8Array([byte]);
      if (kind === "set") return concat(head, one, given.subarray(place + 1));
      if (kind === "insert") return concat(head, one, given.subarray(place));
      if (kind === "delete") return concat(head, given.subarray(place + 1));
      const block = place - (place % 512);
      return concat(given.subarray(0, block), given.subarray(block + 512));
    }, archive),
  );
  /** Headers with a right checksum, so that the reader gets to the other fields. */
  const entries = fc.array(
    fc.record({
      name: fc.oneof(
        fc.constantFrom(
          `${ROOT}/`,
          `${ROOT}/files/`,
          `${ROOT}/letter.txt`,
          `${ROOT}/submission.json`,
          `${ROOT}/padding`,
        ),
        fc.string({ unit: "grapheme", maxLength: 12 }).map((name) => `${ROOT}/files/01-${name}`),
        fc.uint8Array({ maxLength: 100 }),
      ),
      type: fc.constantFrom("0", "0", "0", "5", "5", "1", "2", "x", "L", "\0"),
      body: fc.uint8Array({ maxLength: 600 }),
      size: fc.option(
        fc.nat(1200).map((size) => size.toString(8).padStart(11, "0")),
        { nil: undefined, freq: 8 },
      ),
      fill: fc.constantFrom(0, 0, 0, 1),
    }),
    { maxLength: 6 },
  );
  const hostile = fc.tuple(fc.nat(4), entries).map(([kept, extra]) =>
    rawArchive([
      ...REQUIRED.slice(0, kept),
      ...extra.map(({ size, ...entry }) => ({
        ...entry,
        ...(entry.type === "5" && { body: new Uint8Array(0) }),
        ...(size !== undefined && { size }),
      })),
      ...REQUIRED.slice(kept),
    ]),
  );

  test.each<[string, fc.Arbitrary<Uint8Array>, number]>([
    ["random bytes", random, 3000],
    ["archives with a few bytes changed", mutated, 5000],
    ["archives of well-formed headers in no order", hostile, 3000],
  ])(`give the same result in chunks as whole: %s ${WITH_SEED}`, async (_, given, runs) => {
    await fc.assert(
      fc.asyncProperty(given, places, async (archive, cuts) => {
        expect(await verdict(splitAt(archive, cuts), limits)).toEqual(await verdict([archive], limits));
      }),
      seeded(runs),
    );
  });

  test(`that are accepted hold only what a submission may hold ${WITH_SEED}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, hostile), async (archive) => {
        const found = await verdict([archive], limits);
        if (typeof found === "string") return;
        const paths = (found as Read[]).map(({ path }) => path);
        expect(new Set(paths.map((path) => path.normalize("NFC").toLowerCase())).size).toBe(paths.length);
        for (const path of paths) {
          expect(path).toMatch(/^(|files|letter\.txt|submission\.json|padding|files\/\d{2,4}-[^/\\\p{Cc}]+)$/u);
        }
        expect(paths).toEqual(expect.arrayContaining(["letter.txt", "submission.json"]));
      }),
      seeded(3000),
    );
  });
});

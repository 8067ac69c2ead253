import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openFileDrop, openFileMailboxes, openFileStore } from "../../src/store/index.js";
import { canMountSmallDisk, withSmallDisk } from "../support/small-disk.js";
import { removeFolder } from "../support/temporary.js";
import { type StoreUnderTest, storeContract } from "./contract.js";
import { type DraftsUnderTest, draftsContract } from "./drafts-contract.js";
import { type MailboxesUnderTest, mailboxesContract } from "./mailboxes-contract.js";
import { type UploadsUnderTest, uploadsContract } from "./uploads-contract.js";

async function fileStoreUnderTest(): Promise<StoreUnderTest & UploadsUnderTest & MailboxesUnderTest & DraftsUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "postern-store-"));
  return {
    open: (now) => openFileStore(folder, now),
    beside: (now) => openFileMailboxes(folder, now),
    everything: async () => (await readdir(folder, { recursive: true })).sort(),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function dropUnderTest(): Promise<StoreUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "postern-drop-"));
  return {
    open: (now) => openFileDrop(folder, "mail", now),
    everything: async () => (await readdir(folder, { recursive: true })).sort(),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

storeContract("the file store", fileStoreUnderTest);
storeContract("the drop beside a portal", dropUnderTest);
uploadsContract("the file store", fileStoreUnderTest);
mailboxesContract("the file store", fileStoreUnderTest);
draftsContract("the file store", fileStoreUnderTest);

describe("a drop of a file store", () => {
  it("leaves what the portal has under way, and the portal what the drop has", async () => {
    const folder = await mkdtemp(join(tmpdir(), "postern-drop-"));
    try {
      const store = await openFileStore(folder);
      const drop = await openFileDrop(folder, "mail");
      await writeFile(join(store.incoming, "letter"), "");
      await writeFile(join(drop.incoming, "mail"), "");
      await openFileDrop(folder, "mail");
      expect([await readdir(store.incoming), await readdir(drop.incoming)]).toEqual([["letter"], []]);
      await writeFile(join(drop.incoming, "mail"), "");
      await openFileStore(folder);
      expect([await readdir(store.incoming), await readdir(drop.incoming)]).toEqual([[], ["mail"]]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("the file store on the disk", () => {
  let folder: string;
  const inFolder = (...path: readonly string[]) => join(folder, ...path);
  const letter = () => new Blob(["ciphertext"]).stream();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "postern-store-"));
  });
  afterEach(() => removeFolder(folder));

  it("is accessible only to its owner, with any umask", async () => {
    const before = process.umask(0);
    try {
      const store = await openFileStore(inFolder("data"));
      const { id } = await store.put(letter());
      for (const path of ["data", "data/submissions", "data/incoming"]) {
        expect((await stat(inFolder(path))).mode & 0o777).toBe(0o700);
      }
      expect((await stat(inFolder("data/submissions", `${id}.tar.gpg`))).mode & 0o777).toBe(0o600);
    } finally {
      process.umask(before);
    }
  });

  it("writes no time finer than the day on files and folders", async () => {
    const store = await openFileStore(inFolder("data"), () => new Date("2026-05-17T13:14:15.678Z"));
    const { id } = await store.put(letter());
    const midnight = Date.parse("2026-05-17T00:00:00Z");
    for (const path of ["data/submissions", "data/incoming", `data/submissions/${id}.tar.gpg`]) {
      const { mtimeMs, atimeMs } = await stat(inFolder(path));
      expect(mtimeMs).toBe(midnight);
      if (path.endsWith(".gpg")) expect(atimeMs).toBe(midnight);
    }
  });

  it.each([
    [59 * 60, true],
    [60 * 60 - 1, true],
    [60 * 60 + 1, false],
  ])(
    "has no file for an upload of which nothing has come, and forgets it after an hour: %i s",
    async (seconds, known) => {
      let now = new Date("2026-05-17T10:00:00Z");
      const { uploads } = await openFileStore(inFolder("data"), () => now);
      const [empty, begun] = ["0".repeat(32), "1".repeat(32)];
      await uploads.begin(empty, null);
      await uploads.begin(begun, null);
      await uploads.append(begun, new Blob(["x"]).stream());
      const names = async () => (await readdir(inFolder("data/uploads"))).filter((name) => name.endsWith(".part"));
      expect(await names()).toEqual([`${begun}.part`]);
      now = new Date(now.getTime() + seconds * 1_000);
      expect(await uploads.sweep(now)).toBe(known ? 0 : 1);
      const state = uploads.state(empty);
      if (known) await expect(state).resolves.toMatchObject({ offset: 0 });
      else await expect(state).rejects.toMatchObject({ code: "not_found" });
      await expect(uploads.state(begun)).resolves.toMatchObject({ offset: 1 });
      expect(await names()).toEqual([`${begun}.part`]);
    },
  );

  it("removes only unfinished files of a killed process when it opens", async () => {
    const store = await openFileStore(inFolder("data"));
    const { id } = await store.put(letter());
    await writeFile(inFolder("data/incoming/half.tar.gpg"), "half");
    await mkdir(inFolder("data/incoming/folder"));
    await openFileStore(inFolder("data"));
    expect(await readdir(inFolder("data/incoming"))).toEqual([]);
    expect(await readdir(inFolder("data/submissions"))).toEqual([`${id}.tar.gpg`]);
  });

  it("writes no time finer than the day on uploads at any stage", async () => {
    const store = await openFileStore(inFolder("data"), () => new Date("2026-05-17T13:14:15.678Z"));
    const midnight = Date.parse("2026-05-17T00:00:00Z");
    const ids = ["a", "b", "c"].map((digit) => digit.repeat(32));
    async function* piece() {
      yield new TextEncoder().encode("ciphertext");
    }
    for (const id of ids) {
      await store.uploads.begin(id, null);
      await store.uploads.append(id, piece());
    }
    await store.uploads.finish(ids[0] ?? "", { sha256: "00", blocks: "00" });
    await store.uploads.discard(ids[1] ?? "");
    for (const path of await readdir(inFolder("data"), { recursive: true })) {
      expect((await stat(inFolder("data", path))).mtimeMs, path).toBe(midnight);
      expect((await stat(inFolder("data", path))).mode & 0o077, path).toBe(0);
    }
  });

  it("writes no time finer than the day on replies and the salt, for its owner only", async () => {
    const before = process.umask(0);
    try {
      const { mailboxes } = await openFileStore(inFolder("data"), () => new Date("2026-05-17T13:14:15.678Z"));
      await mailboxes.portalSalt();
      await mailboxes.putReply("a".repeat(32), letter());
      const { id } = await mailboxes.putReply("b".repeat(32), letter());
      await mailboxes.removeReply("b".repeat(32), id);
    } finally {
      process.umask(before);
    }
    const paths = await readdir(inFolder("data"), { recursive: true });
    expect(paths.filter((path) => path.startsWith("mailboxes/"))).toHaveLength(2);
    for (const path of paths) {
      const { mtimeMs, mode } = await stat(inFolder("data", path));
      expect(mtimeMs, path).toBe(Date.parse("2026-05-17T00:00:00Z"));
      expect(mode & 0o077, path).toBe(0);
    }
  });

  it("opens mailboxes beside a running server without touching its work in progress", async () => {
    await openFileStore(inFolder("data"));
    await writeFile(inFolder("data/incoming/half.tar.gpg"), "half");
    await writeFile(inFolder("data/mailboxes/.unfinished-young"), "half");
    await writeFile(inFolder("data/mailboxes/.unfinished-old"), "half");
    await utimes(inFolder("data/mailboxes/.unfinished-old"), new Date(0), new Date(0));
    await openFileMailboxes(inFolder("data"));
    expect(await readdir(inFolder("data/incoming"))).toEqual(["half.tar.gpg"]);
    expect(await readdir(inFolder("data/mailboxes"))).toEqual([".unfinished-young"]);
  });

  it("does not open mailboxes where there is no store", async () => {
    await expect(openFileMailboxes(inFolder("nowhere"))).rejects.toMatchObject({ code: "not_found" });
    expect(await readdir(folder)).toEqual([]);
  });

  it("never replaces a damaged salt", async () => {
    const { mailboxes } = await openFileStore(inFolder("data"));
    await writeFile(inFolder("data/mailboxes/portal-salt"), "short");
    await expect(mailboxes.portalSalt()).rejects.toMatchObject({ code: "io" });
    expect(await readFile(inFolder("data/mailboxes/portal-salt"), "utf8")).toBe("short");
  });

  it("does not list foreign files", async () => {
    const store = await openFileStore(inFolder("data"));
    await writeFile(inFolder("data/submissions/README.txt"), "");
    await writeFile(inFolder("data/submissions/short.tar.gpg"), "");
    for await (const found of store.list()) expect.fail(`listed ${found.id}`);
  });

  it("reports a failed disk when its folder is gone, and cancels the stream", async () => {
    const store = await openFileStore(inFolder("data"));
    await rm(inFolder("data"), { recursive: true });
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      cancel() {
        cancelled = true;
      },
    });
    await expect(store.put(stream)).rejects.toMatchObject({ code: "io" });
    expect(cancelled).toBe(true);
    await expect(store.free()).rejects.toMatchObject({ code: "io" });
  });

  it("reports a failed disk when it cannot write", async () => {
    const store = await openFileStore(inFolder("data"));
    await rm(inFolder("data/incoming"), { recursive: true });
    await writeFile(inFolder("data/incoming"), "in the way");
    await expect(store.put(letter())).rejects.toMatchObject({ code: "io" });
  });

  it.runIf(canMountSmallDisk("a store on a full disk"))(
    "says no_space on a disk that is really full, and leaves nothing on it",
    () =>
      withSmallDisk(inFolder("small"), "1m", async () => {
        const store = await openFileStore(inFolder("small/data"));
        const endless = new ReadableStream<Uint8Array>({
          pull: (controller) => controller.enqueue(new Uint8Array(100_000)),
        });
        await expect(store.put(endless)).rejects.toMatchObject({ code: "no_space" });
        expect(await readdir(inFolder("small/data/incoming"))).toEqual([]);
        expect((await store.put(letter())).bytes).toBe(10);
      }),
  );
});

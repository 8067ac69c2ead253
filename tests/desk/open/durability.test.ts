import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PrivateKey, readPrivateKey } from "openpgp";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createKeyPair, findSubmissions, keyOpener, type Outcome, openSubmissions } from "../../../src/desk/index.js";
import { recipientOf } from "../../support/keys.js";
import { submissionMessage } from "../../support/message.js";
import { removeFolder } from "../../support/temporary.js";

/** Folders that were synced, in order, and the one whose sync fails. */
const disk = vi.hoisted(() => ({ synced: [] as string[], broken: "", seen: (_folder: string) => {} }));
vi.mock("../../../src/files/sync-folder.js", async (original) => {
  const { syncFolder } = await original<typeof import("../../../src/files/sync-folder.js")>();
  return {
    syncFolder: async (folder: string) => {
      if (folder === disk.broken) throw new Error("EIO");
      disk.seen(folder);
      disk.synced.push(folder);
      await syncFolder(folder);
    },
  };
});

let key: PrivateKey;
let message: () => Promise<Buffer>;
let folder: string;
let out: string;
beforeAll(async () => {
  const pair = await createKeyPair({ profile: "gnupg", userId: { name: "t" }, passphrase: "", lifetime: 1e6 });
  const recipient = await recipientOf(pair);
  key = await readPrivateKey({ armoredKey: pair.secretKey });
  message = () => submissionMessage(recipient, 1_000);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-durable-"));
  out = join(folder, "more/cases");
  await mkdir(join(folder, "inbox"));
  Object.assign(disk, { synced: [], broken: "", seen: () => {} });
});
afterEach(() => removeFolder(folder));

async function open(told: (outcome: Outcome) => void = () => {}): Promise<Outcome["kind"][]> {
  const kinds: Outcome["kind"][] = [];
  const files = await findSubmissions([join(folder, "inbox")]);
  for await (const outcome of openSubmissions(files, { opener: keyOpener([key]), out })) {
    told(outcome);
    kinds.push(outcome.kind);
  }
  return kinds;
}

describe("a case reported as opened", () => {
  it("is synced before it gets its name, and its name before it is reported", async () => {
    for (const name of ["a.gpg", "b.gpg", "c.gpg"]) await writeFile(join(folder, "inbox", name), await message());
    const told: number[] = [];
    await open((outcome) => {
      expect(outcome.kind).toBe("opened");
      told.push(disk.synced.filter((each) => each === out).length);
    });
    // Once when it was made, and at least once more before the first was told.
    expect(told).toHaveLength(3);
    for (const times of told) expect(times).toBeGreaterThanOrEqual(2);
    expect(disk.synced).toEqual(expect.arrayContaining([folder, join(folder, "more"), out]));
    expect(disk.synced.filter((each) => each.includes(".opening-"))).toHaveLength(6);
  });

  it("is reported as failed while its name cannot be synced, and as known afterwards", async () => {
    await writeFile(join(folder, "inbox", "a.gpg"), await message());
    await mkdir(out, { recursive: true });
    disk.seen = (where) => {
      // The first time is at the start.
      if (where === out) disk.broken = out;
    };
    expect(await open()).toEqual(["failed"]);
    await expect(open()).rejects.toMatchObject({ code: "cannot_write" });
    Object.assign(disk, { broken: "", seen: () => {} });
    expect(await open()).toEqual(["known"]);
  });
});

import { readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isMissing, nullIfMissing } from "../../src/files/index.js";

const missing = join(tmpdir(), "postern-no-such-folder", "file");

describe("a missing file", () => {
  it("is null, a folder as well", async () => {
    expect(await readFile(missing).catch(nullIfMissing)).toBeNull();
    expect(await readdir(missing).catch(nullIfMissing)).toBeNull();
  });

  it("is not confused with another fault of the file system", async () => {
    await expect(readFile(tmpdir()).catch(nullIfMissing)).rejects.toMatchObject({ code: "EISDIR" });
    await expect(rm(join("/dev/null", "file")).catch(nullIfMissing)).rejects.toMatchObject({ code: "ENOTDIR" });
  });

  it.each([["ENOENT"], [{ code: "ENOENT" }], [null], [new Error("ENOENT")]])("throws %s as it is", async (cause) => {
    expect(isMissing(cause)).toBe(false);
    await expect(Promise.reject(cause).catch(nullIfMissing)).rejects.toBe(cause);
  });
});

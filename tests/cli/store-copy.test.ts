import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKey } from "openpgp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DAY_MS } from "../../src/core/index.js";
import { hasCeph } from "../support/ceph.js";
import { postern, type RunningPortal, servePortal } from "../support/command.js";
import { makeBucket } from "../support/object-store.js";
import { formOf } from "../support/portal.js";
import { removeFolder } from "../support/temporary.js";

let cwd: string;
let portal: RunningPortal | null;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-store-copy-"));
  portal = null;
  const date = new Date(Date.now() - 3 * DAY_MS);
  const { publicKey } = await generateKey({
    type: "curve25519",
    userIDs: [{ name: "Staff" }],
    date,
    format: "armored",
  });
  await mkdir(join(cwd, "keys"));
  await writeFile(join(cwd, "keys", "staff.asc"), publicKey);
});
afterEach(async () => {
  await stop();
  await removeFolder(cwd);
});

async function stop(): Promise<void> {
  await portal?.kill("SIGTERM");
  portal = null;
}

/** Starts a portal on the store in `folder`, and returns what it has logged when it has stopped. */
async function served(folder: string, whileRunning: (url: string) => Promise<unknown>): Promise<string> {
  portal = await servePortal({ cwd, env: { POSTERN_STORE: `file:${folder}` } });
  const { url, output } = portal;
  await whileRunning(url);
  await stop();
  return output.stderr;
}

const submit = (url: string) => fetch(`${url}/ru/submit`, { method: "POST", body: formOf({ message: "письмо" }, []) });
const salt = (folder: string) => readFile(join(cwd, folder, "mailboxes/portal-salt"));
const letters = (folder: string) => readdir(join(cwd, folder, "submissions"));

describe("postern store copy", () => {
  it("moves a store to another folder, and a portal there has the same salt and letters", async () => {
    expect(await served("one", submit)).toContain("this store is new");
    const copied = await postern(["store", "copy", "file:one", "file:two"], { cwd });
    expect(copied.stdout, copied.stderr).toBe("1 submissions and 0 replies copied, 0 were there already\n");
    expect(await readdir(join(cwd, "two"))).toEqual(["mailboxes", "submissions"]);
    expect(await served("two", submit)).not.toContain("this store is new");
    expect(await salt("two")).toEqual(await salt("one"));
    expect(await letters("two")).toEqual(expect.arrayContaining(await letters("one")));
    expect(await letters("two")).toHaveLength(2);
  });

  it.each([
    [["file:nothing", "file:two"], "there is no store in"],
    [["file:one", "file:one"], "both are the same store"],
    [["one", "file:two"], "one: expected file:FOLDER or s3://BUCKET/PREFIX"],
  ])("refuses %s", async (places, reason) => {
    const { code, stderr } = await postern(["store", "copy", ...places], { cwd });
    expect([code, stderr]).toEqual([1, expect.stringContaining(reason)]);
  });

  it.runIf(hasCeph("postern store copy to a bucket"))("moves a store to a bucket and back", async () => {
    await served("one", submit);
    const bucket = await makeBucket();
    const place = bucket.env.POSTERN_STORE ?? "";
    const options = ["--endpoint", bucket.env.POSTERN_S3_ENDPOINT ?? ""];
    const { POSTERN_STORE: _store, POSTERN_S3_ENDPOINT: _endpoint, ...env } = bucket.env;
    for (const [from, to] of [
      ["file:one", place],
      [place, "file:two"],
    ] as const) {
      const { stdout, stderr } = await postern(["store", "copy", ...options, from, to], { cwd, env });
      expect(stdout, stderr).toContain("1 submissions and 0 replies copied");
    }
    expect(await salt("two")).toEqual(await salt("one"));
    expect(await letters("two")).toEqual(await letters("one"));
  });
});

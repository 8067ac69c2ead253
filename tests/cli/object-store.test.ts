import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TestBucket } from "../support/bucket.js";
import { hasCeph } from "../support/ceph.js";
import { postern, type RunningPortal, servePortal } from "../support/command.js";
import { makeBucket } from "../support/object-store.js";
import { formOf } from "../support/portal.js";
import { giveStaffKey } from "../support/staff-key.js";
import { removeFolder } from "../support/temporary.js";
import { traces } from "../support/traces.js";

const CANARY = "Канарейка-в-облаке";

describe.runIf(hasCeph("the commands over an object store"))("a portal whose store is a bucket", () => {
  let cwd: string;
  let bucket: TestBucket;
  let portal: RunningPortal | null;
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), "postern-bucket-"));
    bucket = await makeBucket();
    portal = null;
    await giveStaffKey(cwd);
  });
  afterEach(async () => {
    await portal?.kill("SIGTERM");
    await removeFolder(cwd);
  });
  const run = (...words: readonly string[]) =>
    postern(words, { cwd, env: { ...bucket.env, POSTERN_RETENTION_DAYS: "1" } });
  const submit = async () => {
    const file = new File([`${CANARY} в документе`], `${CANARY}.txt`);
    const answer = await fetch(`${portal?.url}/ru/submit`, {
      method: "POST",
      body: formOf({ message: CANARY }, [file]),
    });
    expect(answer.status).toBe(200);
  };

  it("is listed, carried away, opened, acknowledged and pruned with the same commands", async () => {
    portal = await servePortal({ cwd, env: bucket.env });
    await submit();
    await submit();
    expect((await run("list")).stderr).toContain("2 submissions");
    expect((await run("export", "inbox", "--new")).stderr).toContain("2 copied");
    expect((await run("list", "--new")).stderr).toContain("0 submissions");
    const [secret = ""] = (await readdir(join(cwd, "postern-secret"))).filter((name) => name.endsWith("-secret.asc"));
    const key = join("postern-secret", secret);
    const opened = await run("open", "inbox", "--key", key, "--passphrase-file", "passphrase");
    expect(opened.code, opened.stderr).toBe(0);
    expect((await run("acknowledge", "cases/acknowledgement.json")).stdout).toContain("2 marked as opened");
    expect((await run("prune", "--dry-run")).stderr).toContain("0 would be removed");
    expect((await run("replies", "expire")).stdout).toContain("0 removed");
  });

  it("writes nothing readable into the bucket or beside it, in no name and no contents", async () => {
    portal = await servePortal({ cwd, env: bucket.env });
    await submit();
    const contents = await bucket.contents();
    expect([...contents.keys()].some((name) => name.includes("/submissions/"))).toBe(true);
    for (const [name, bytes] of contents) {
      for (const trace of traces(CANARY)) {
        expect(name.includes(trace.toString()), name).toBe(false);
        expect(bytes.includes(trace), name).toBe(false);
      }
      expect(name).not.toMatch(/\d\d:\d\d/);
    }
    expect(await readdir(join(cwd, "spool"))).toEqual([]);
    expect(portal.output.stderr).not.toContain(CANARY);
  });

  it("is unavailable, and says so, when the bucket is", async () => {
    const { code, stderr } = await postern(["serve"], {
      cwd,
      env: { ...bucket.env, POSTERN_STORE: "s3://there-is-no-such-bucket" },
    });
    expect(code).toBe(1);
    expect(stderr).toContain("there-is-no-such-bucket");
    const examined = await run("doctor");
    expect(examined.stdout).toContain("store: the object store answers");
    const elsewhere = await postern(["doctor"], {
      cwd,
      env: { ...bucket.env, POSTERN_STORE: "s3://there-is-no-such-bucket" },
    });
    expect(elsewhere.stdout).toMatch(/fault +store: /);
  });

  it("takes its credentials from a file, so that they are in no environment", async () => {
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key, ...env } = bucket.env;
    await writeFile(join(cwd, "s3"), `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${key}\n`);
    const { code, stderr } = await postern(["list"], { cwd, env: { ...env, AWS_SHARED_CREDENTIALS_FILE: "s3" } });
    expect([code, stderr]).toEqual([0, "0 submissions\n"]);
  });

  it("is not opened with credentials that are not right, and the log has neither them nor the bucket's keys", async () => {
    const { code, stderr } = await postern(["list"], {
      cwd,
      env: { ...bucket.env, AWS_SECRET_ACCESS_KEY: "wrong-secret" },
    });
    expect(code).toBe(1);
    expect(stderr).toContain("SignatureDoesNotMatch");
    expect(stderr).not.toContain("wrong-secret");
  });
});

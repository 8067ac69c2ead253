import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { Secret, TOTP } from "otpauth";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Ledger, StaffFolder } from "../../src/pickup/index.js";
import { type FileStore, openFileStore } from "../../src/store/index.js";
import { postern, servePortal } from "../support/command.js";
import { atLength, shareOf } from "../support/length.js";
import { formOf } from "../support/portal.js";
import { program } from "../support/program.js";
import { Random, WITH_SEED } from "../support/seed.js";
import { giveStaffKey } from "../support/staff-key.js";
import { removeFolder } from "../support/temporary.js";

const MAIN = await program();
const MIB = 1024 * 1024;
/** How often an export is killed, and of how many submissions. */
const [KILLS, EXPORTED] = atLength([2, 10], [10, 40]);

let cwd: string;
let store: FileStore;
const inside = (...path: readonly string[]) => join(cwd, ...path);
const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}) => postern(words, { cwd, env });
const put = async (contents: string | Uint8Array<ArrayBuffer>) => store.put(new Blob([contents]).stream());
const ledger = async () => new Ledger(await StaffFolder.open(inside("staff"))).read();

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-cli-"));
  store = await openFileStore(inside("data"));
  await writeFile(inside("passphrase"), "correct horse battery\n");
});
afterEach(() => removeFolder(cwd));

describe("postern list", () => {
  it("says what is here and how far it has come", async () => {
    const { id, day } = await put("abc");
    const { id: other } = await put("d");
    await run(["export", "out"]);
    const { id: third } = await put("e");
    const { code, stdout, stderr } = await run(["list"]);
    expect([code, stderr]).toEqual([0, "3 submissions\n"]);
    expect(stdout).toMatch(new RegExp(`^${id}  ${day}  3  collected ${day} shell:\\w+$`, "m"));
    expect(stdout).toMatch(new RegExp(`^${third}  ${day}  1  new$`, "m"));
    const fresh = await run(["list", "--new"]);
    expect(fresh.stdout).not.toContain(other);
    expect(fresh.stderr).toBe("1 submission\n");
  });

  it("says that there is no store where there is none", async () => {
    const { code, stderr } = await run(["list"], { POSTERN_STORE: "file:nowhere" });
    expect([code, stderr]).toEqual([1, `postern: there is no store in ${inside("nowhere")}\n`]);
  });
});

describe("postern export", () => {
  it("copies into a folder that sha256sum can check, once", async () => {
    await put("a");
    await put("b".repeat(3 * MIB));
    expect((await run(["export", "out", "--new"])).stderr).toBe("2 copied, 0 there already, of 2\n");
    const { id } = await put("c");
    expect((await run(["export", "out", "--new"])).stderr).toBe("1 copied, 0 there already, of 1\n");
    expect((await run(["export", "out"])).stderr).toBe("0 copied, 3 there already, of 3\n");
    const checked = execFileSync("sha256sum", ["--check", "MANIFEST.txt"], { cwd: inside("out"), encoding: "utf8" });
    expect(checked.trim().split("\n")).toHaveLength(3);
    expect(checked).toContain(`${id}.tar.gpg: OK`);
    expect((await run(["export", "out", "--new"])).stderr).toBe("0 copied, 0 there already, of 0\n");
  });

  it("copies again what is there and not the same", async () => {
    const { id } = await put("abc");
    await mkdir(inside("out"));
    for (const wrong of ["abd", "ab", ""]) {
      await writeFile(inside("out", `${id}.tar.gpg`), wrong);
      expect((await run(["export", "out"])).stderr).toContain("1 copied");
      expect(await readFile(inside("out", `${id}.tar.gpg`), "utf8")).toBe("abc");
    }
  });

  it("writes one tar for a pipe, and marks nothing", async () => {
    const { id } = await put("abc");
    await mkdir(inside("out"));
    execFileSync("sh", ["-c", `"${process.execPath}" "${MAIN}" export --stdout --new 2>err | tar -x -C out`], {
      cwd,
      env: { PATH: process.env.PATH ?? "" },
    });
    expect((await readdir(inside("out"))).sort()).toEqual(["MANIFEST.txt", `${id}.tar.gpg`].sort());
    expect(await readFile(inside("err"), "utf8")).toContain("none is marked as collected");
    expect((await ledger()).isNew(id)).toBe(true);
  });

  it("fails without a folder, and names one that cannot be used", async () => {
    await put("a");
    expect(await run(["export"])).toMatchObject({ code: 1, stderr: "postern: name a folder, or give --stdout\n" });
    await writeFile(inside("file"), "");
    expect((await run(["export", "file/x"])).stderr).toContain("cannot be written");
  });

  it(
    `loses nothing, and marks nothing that was not copied, when it is killed ${KILLS} times ${WITH_SEED}`,
    async () => {
      const random = new Random("killed exports");
      const contents = Array.from({ length: EXPORTED }, () => random.bytes(random.integer(1, 1.5 * MIB)));
      const ids: string[] = [];
      for (const each of contents) ids.push((await put(each)).id);
      const copied = async () => (await readdir(inside("out")).catch(() => [])).length;
      let kills = 0;
      for (let attempt = 0; attempt < KILLS; attempt += 1) {
        const child = spawn(process.execPath, [MAIN, "export", "out", "--new"], { cwd, env: {}, stdio: "ignore" });
        const closed = once(child, "close");
        // In the middle of the copying, at any instant, however fast the machine is.
        const enough = (await copied()) + random.integer(1, 2);
        while (child.exitCode === null && (await copied()) < enough) await setImmediate();
        await setTimeout(random.integer(0, 40));
        child.kill("SIGKILL");
        const [, signal] = await closed;
        if (signal === "SIGKILL") kills += 1;
        const state = await ledger();
        for (const [index, id] of ids.entries()) {
          if (state.isNew(id)) continue;
          const copied = await readFile(inside("out", `${id}.tar.gpg`));
          expect(copied.equals(contents[index] ?? new Uint8Array())).toBe(true);
        }
      }
      expect(kills).toBeGreaterThan(atLength(0, 3));
      expect((await run(["export", "out", "--new"])).code).toBe(0);
      expect((await run(["export", "out"])).stderr).toBe(`0 copied, ${EXPORTED} there already, of ${EXPORTED}\n`);
      expect((await readdir(inside("out"))).filter((name) => name.startsWith("."))).toEqual([]);
      for (const [index, id] of ids.entries()) {
        expect((await readFile(inside("out", `${id}.tar.gpg`))).equals(contents[index] ?? new Uint8Array())).toBe(true);
      }
    },
    atLength(120_000, 600_000),
  );
});

describe("the whole round", () => {
  it("carries a letter to the desk, brings the acknowledgement back, and removes what may go", async () => {
    await giveStaffKey(cwd);
    const secret = (await readdir(inside("postern-secret"))).find((name) => name.endsWith("-secret.asc")) ?? "";
    const portal = await servePortal({ cwd });
    for (const message of ["Один", "Два"]) {
      expect((await fetch(`${portal.url}/ru/submit`, { method: "POST", body: formOf({ message }) })).status).toBe(200);
    }
    // Beside the running portal.
    expect((await run(["export", "medium", "--new"])).stderr).toBe("2 copied, 0 there already, of 2\n");
    const open = ["open", "medium", "--key", join("postern-secret", secret), "--passphrase-file", "passphrase"];
    const opened = await run(open);
    expect(opened.stderr).toContain("carry outbox back to the server");
    const text = await readFile(inside("cases/acknowledgement.json"), "utf8");
    expect(JSON.parse(text)).toMatchObject({ format: "postern-acknowledgement", opened: [{}, {}] });
    expect(text).not.toContain("Один");
    expect(opened.stderr).toContain("all cases are in cases/index.html");
    const [letter] = (await readdir(inside("cases"))).filter((name) => name.startsWith("submission-"));
    const source = JSON.parse(await readFile(inside("cases", letter ?? "", "source.json"), "utf8")) as { day: string };
    expect(source.day).toBe(new Date().toISOString().slice(0, 10));
    const set = (input: string, ...more: readonly string[]) =>
      postern(["case", "set", letter ?? "", "--note", ...more], { cwd, input });
    expect(await set("передзвонити\n", "--status", "answered")).toMatchObject({
      code: 0,
      stdout: `cases/${letter}  answered\n`,
    });
    const index = await readFile(inside("cases/index.html"), "utf8");
    expect(index).toContain('"status":"answered","note":""');
    expect(index).toContain('"set":{"note":"передзвонити"}');
    expect((await set("", "x")).code).toBe(2);
    expect((await set("\n")).stdout).toContain("answered");
    expect((await run(["case", "set", "nobody"])).stderr).toContain("there is no case nobody in cases");
    expect((await run(["case", "set", letter ?? "", "--status", "lost"])).code).toBe(2);
    await rm(inside("cases/index.html"));
    expect((await run(["index"])).stdout).toBe(`${inside("cases/index.html")}\n`);
    await run(open);
    expect(await readFile(inside("cases/acknowledgement.json"), "utf8")).toBe(text);
    expect(await readFile(inside("outbox/acknowledgement.json"), "utf8")).toBe(text);
    const fed = await run(["acknowledge", "cases/acknowledgement.json"]);
    expect([fed.code, fed.stdout]).toEqual([0, "2 marked as opened, 0 marked before or no longer here, 0 different\n"]);
    expect((await run(["list"])).stdout.match(/opened \d{4}-\d\d-\d\d$/gm)).toHaveLength(2);

    const days = { POSTERN_RETENTION_DAYS: "30" };
    expect((await run(["prune", "--dry-run"], days)).stderr).toBe("0 would be removed\n");
    expect((await run(["prune"])).code).toBe(2);
    const path = inside("staff/ledger.jsonl");
    await writeFile(path, (await readFile(path, "utf8")).replace(/("kind":"opened".*"day":")[\d-]+/, "$12020-01-01"));
    expect((await run(["prune", "--dry-run"], days)).stderr).toBe("1 would be removed\n");
    expect((await run(["prune"], days)).stderr).toBe("1 removed, 0 replies removed\n");
    expect((await run(["list"])).stderr).toBe("1 submission\n");
    await portal.kill("SIGTERM");
    const audit = await run(["audit", "verify"]);
    expect(audit.stdout).toMatch(/^3 entries are intact\n[0-9a-f]{64}\n$/);
  });

  it("warns of what was collected and never acknowledged, and of what was opened otherwise than it is here", async () => {
    const { id } = await put("abc");
    await run(["export", "out"]);
    const path = inside("staff/ledger.jsonl");
    await writeFile(path, (await readFile(path, "utf8")).replace(/("day":")[\d-]+/, "$12026-01-01"));
    const { stderr } = await run(["prune"], { POSTERN_RETENTION_DAYS: "1" });
    expect(stderr).toContain(`warning: ${id} was collected on 2026-01-01 and never acknowledged\n0 removed`);
    const wrong = { format: "postern-acknowledgement", version: 1, opened: [{ id, sha256: "0".repeat(64) }] };
    await writeFile(inside("acknowledgement.json"), JSON.stringify(wrong));
    const fed = await run(["acknowledge", "acknowledgement.json"]);
    expect([fed.code, fed.stderr]).toEqual([
      1,
      `${id}: the desk opened other bytes than the store has; copy it again\n`,
    ]);
    const bytes = await readFile(inside("out", `${id}.tar.gpg`));
    const block = createHash("sha256").update(bytes).digest();
    const right = createHash("sha256").update(block).digest("hex");
    for (const [blocksSha256, said] of [
      ["0".repeat(64), "0 marked as opened, 0 marked before or no longer here, 1 different\n"],
      [right, "1 marked as opened, 0 marked before or no longer here, 0 different\n"],
    ]) {
      await writeFile(inside("acknowledgement.json"), JSON.stringify({ ...wrong, opened: [{ id, blocksSha256 }] }));
      expect((await run(["acknowledge", "acknowledgement.json"])).stdout).toBe(said);
    }
    expect((await run(["acknowledge", "passphrase"])).stderr).toContain("this is not an acknowledgement.json");
  });
});

describe("postern staff", () => {
  it("adds, shows the code once, lists and removes", async () => {
    const add = (name: string, ...more: string[]) =>
      run(["staff", "add", name, "--passphrase-file", "passphrase", ...more]);
    const first = await add("maksym", "--role", "manager");
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/[█▀▄]{10}/);
    expect(first.stdout).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/m);
    expect((await add("olha")).code).toBe(0);
    expect((await run(["staff", "list"])).stdout).toBe("maksym  manager\nolha  courier\n");
    expect((await add("olha")).stderr).toContain("there is a olha already");
    expect((await add("Оля")).stderr).toContain("a name has small Latin letters");
    await writeFile(inside("passphrase"), "short\n");
    expect((await add("ira")).stderr).toContain("at least 12 characters");
    expect((await run(["staff", "remove", "maksym"])).stderr).toContain("the last manager");
    expect((await run(["staff", "remove", "olha"])).code).toBe(0);
    expect((await run(["staff", "remove", "olha"])).stderr).toContain("there is nobody called olha");
    expect((await run(["audit", "verify"])).stdout).toContain("3 entries are intact");
    const accounts = await readFile(inside("staff/accounts.json"), "utf8");
    expect(accounts).not.toContain("correct horse");
  });
});

describe("the pickup listener", () => {
  const servePickup = async (env: Readonly<Record<string, string>> = {}) => {
    await giveStaffKey(cwd);
    return servePortal({ cwd, env: { POSTERN_PICKUP_LISTEN: "127.0.0.1:0", ...env } });
  };
  const second = async (output: { readonly stdout: string }) => {
    await expect.poll(() => output.stdout.trim().split("\n")).toHaveLength(2);
    return output.stdout.trim().split("\n")[1]?.replace(/\/$/, "") ?? "";
  };

  it("is off unless set, and has none of the submitters' routes, nor they any of its own", async () => {
    const portal = await servePickup();
    const pickup = await second(portal.output);
    expect(pickup).not.toBe(portal.url);
    for (const path of ["/en/sign-in", "/en/collect", "/uk/staff", "/en/acknowledge", "/en/delete"]) {
      expect((await fetch(portal.url + path, { redirect: "manual" })).status).toBe(404);
      expect((await fetch(portal.url + path, { method: "POST", redirect: "manual" })).status).toBe(404);
    }
    for (const path of [
      "/ru/",
      "/uk/form/alone",
      "/keys.asc",
      "/uploads",
      "/healthz",
      "/offline/ru.html",
      "/mailbox/x",
    ]) {
      const response = await fetch(pickup + path, { redirect: "manual" });
      expect([path, response.status]).toEqual([path, 303]);
    }
    expect(portal.output.stderr).toContain("nobody can sign in to pickup yet");
    await portal.kill("SIGTERM");
  });

  it("ends by itself at a signal, also after somebody has signed in", async () => {
    const added = await run(["staff", "add", "maksym", "--role", "manager", "--passphrase-file", "passphrase"]);
    const secret = Secret.fromBase32(
      (/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/m.exec(added.stdout)?.[0] ?? "").replaceAll(" ", ""),
    );
    const portal = await servePickup();
    const url = await second(portal.output);
    const passphrase = (await readFile(inside("passphrase"), "utf8")).trim();
    const answer = await fetch(`${url}/en/sign-in`, {
      method: "POST",
      headers: { Origin: url },
      body: new URLSearchParams({ name: "maksym", passphrase, code: new TOTP({ secret }).generate() }),
      redirect: "manual",
    });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/en/"]);
    await portal.kill("SIGTERM");
    expect(portal.process.exitCode).toBe(0);
  });

  it.each(
    shareOf<readonly [Record<string, string>, string]>(
      [
        [{ POSTERN_PICKUP_LISTEN: "0.0.0.0:4000" }, "POSTERN_PICKUP_LISTEN: this address can be reached from outside"],
        [{ POSTERN_PICKUP_LISTEN: "[::]:4000" }, "POSTERN_PICKUP_LISTEN: this address can be reached from outside"],
        [{ POSTERN_PICKUP_LISTEN: "192.168.0.5:4000" }, "can be reached from outside"],
        [{ POSTERN_PICKUP_LISTEN: "example.org:4000" }, "can be reached from outside"],
        [{ POSTERN_PICKUP_LISTEN: "nowhere" }, "POSTERN_PICKUP_LISTEN: expected"],
        [{ POSTERN_NOTIFY_WEBHOOK: "https://example.org/" }, "POSTERN_PICKUP_LISTEN: must be set"],
        [{ POSTERN_NOTIFY_WEBHOOK: "file:///etc/passwd" }, "POSTERN_NOTIFY_WEBHOOK: expected"],
        [{ POSTERN_NOTIFY_EMAIL: "a@example.org" }, "POSTERN_NOTIFY_SMTP: must be set"],
        [{ POSTERN_NOTIFY_HOURS: "0" }, "POSTERN_NOTIFY_HOURS"],
        [{ POSTERN_PICKUP_LISTEN: "127.0.0.1:0", POSTERN_STAFF: "data/staff" }, "POSTERN_STAFF must not lie inside"],
        [{ POSTERN_PICKUP_LISTEN: "127.0.0.1:0", POSTERN_STAFF: "." }, "POSTERN_STAFF must not lie inside"],
      ],
      2,
    ),
  )("is refused for %j", async (env, words) => {
    const { code, stderr } = await run(["serve"], env);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  it("may be reached from outside if told so", async () => {
    const portal = await servePickup({ POSTERN_PICKUP_LISTEN: "0.0.0.0:0", POSTERN_PICKUP_PUBLIC: "yes" });
    expect(await second(portal.output)).toMatch(/^http:\/\/0\.0\.0\.0:\d+$/);
    await portal.kill("SIGTERM");
  });
});

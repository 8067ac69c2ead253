import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeCaseNote } from "../../src/desk/index.js";
import { makeSubmissions } from "../support/cases.js";
import { postern } from "../support/command.js";
import { GnuPg } from "../support/gpg.js";
import { recipientOf } from "../support/keys.js";
import { removeFolder } from "../support/temporary.js";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

let gpg: GnuPg;
let cwd: string;
let name: string;
const inside = (...path: readonly string[]) => join(cwd, ...path);
const run = (...words: readonly string[]) => postern(words, { cwd });
const check = (folder: string, file = "dossier-00000001.json") =>
  run("dossier", folder, "--check", file, "--certificate", "staff.asc");

beforeAll(async () => {
  gpg = await GnuPg.create();
  cwd = await mkdtemp(join(tmpdir(), "postern-dossier-"));
  await writeFile(inside("passphrase"), "correct horse battery\n");
  expect((await run("keys", "new", "--name", "Staff", "--passphrase-file", "passphrase")).code).toBe(0);
  const only = async (folder: string, end: string) =>
    readFile(inside(folder, (await readdir(inside(folder))).find((each) => each.endsWith(end)) ?? ""), "utf8");
  const [certificate, secret] = [await only("keys", ".asc"), await only("postern-secret", "-secret.asc")];
  await writeFile(inside("staff.asc"), certificate);
  await writeFile(inside("secret.asc"), secret);
  await gpg.importKeys(secret);
  await mkdir(inside("inbox"));
  await makeSubmissions(inside("inbox"), 1, await recipientOf({ certificate }));
  expect((await run("open", "inbox", "--key", "secret.asc", "--passphrase-file", "passphrase")).code).toBe(0);
  name = (await readdir(inside("cases"))).find((each) => each.startsWith("submission-")) ?? "";
  await writeCaseNote(inside("cases"), "00000001".padEnd(32, "0"), {
    status: "waiting",
    addNote: "таємна",
    by: "Анна",
  });
  const id = "00000001".padStart(32, "0");
  const line = (more: object) => `${JSON.stringify({ kind: "collected", by: "olha", day: "2026-11-23", ...more })}\n`;
  await writeFile(inside("ledger.jsonl"), `${line({ id, sha256: "x" })}half a li\n${line({ id: "f".repeat(32) })}`);
  await writeFile(inside("audit.jsonl"), "the trail\n");
  const words = ["--key", "secret.asc", "--passphrase-file", "passphrase", "--inbox", "inbox"];
  const made = await run("dossier", `cases/${name}`, ...words, "--ledger", "ledger.jsonl", "--audit", "audit.jsonl");
  expect([made.code, made.stdout]).toEqual([
    0,
    "./dossier-00000001.json\n./dossier-00000001.json.asc\n".replaceAll("./", ""),
  ]);
});
afterAll(async () => {
  await gpg.close();
  await removeFolder(cwd);
});

describe("postern dossier", () => {
  it("lists the digests of ciphertext, archive and files, as gpg and sha256sum have them, and what was recorded", async () => {
    const text = await readFile(inside("dossier-00000001.json"), "utf8");
    const { submissions, events, auditSha256, signedBy } = JSON.parse(text);
    const [submission] = submissions;
    const sealed = await readFile(inside("inbox", submission.file));
    const archive = await gpg.decrypt(sealed, ["--passphrase", "correct horse battery"]);
    expect([submission.sha256, submission.archiveSha256]).toEqual([sha256(sealed), sha256(archive)]);
    expect(submission.id).toBe("00000001".padStart(32, "0"));
    const paths = submission.files.map(({ path }: { path: string }) => path);
    expect(paths.slice(0, 3)).toEqual(["letter.txt", "submission.json", "source.json"]);
    for (const { path, sha256: digest } of submission.files) {
      expect(digest).toBe(sha256(await readFile(inside("cases", name, path))));
    }
    expect(auditSha256).toBe(sha256(Buffer.from("the trail\n")));
    expect(events.map(({ from, by, what }: Record<string, string>) => [from, by, what])).toEqual([
      ["server", "olha", "collected"],
      ["desk", "Анна", "status: waiting"],
      ["desk", "Анна", "note"],
    ]);
    expect(text).not.toContain("таємна");
    expect(signedBy).toMatch(/^[0-9A-F]{40}$/);
  });

  it("is verified by gpg, and by --check", async () => {
    const path = inside("dossier-00000001.json");
    await gpg.gpg(["--verify", `${path}.asc`, path]);
    expect(await check(`cases/${name}`)).toMatchObject({ code: 0, stdout: expect.stringMatching(/\.json: OK\n$/) });
  });

  it("fails its check for one changed byte, in the case or in itself", async () => {
    const changes: readonly [string, (folder: string) => Promise<void>][] = [
      ["letter.txt was changed", (folder) => flip(join(folder, "letter.txt"))],
      ["submission.json was changed", (folder) => flip(join(folder, "submission.json"), 3)],
      ["letter.txt is missing", (folder) => rm(join(folder, "letter.txt"))],
      ["files/99-more.txt was added", (folder) => writeFile(join(folder, "files/99-more.txt"), "x")],
    ];
    for (const [said, change] of changes) {
      await cp(inside("cases", name), inside("copy", name), { recursive: true });
      await change(inside("copy", name));
      const { code, stderr } = await check(`copy/${name}`);
      expect([code, stderr.includes(said)]).toEqual([1, true]);
      await rm(inside("copy"), { recursive: true });
    }
    for (const [file, at] of [
      ["dossier-00000001.json", 40],
      ["dossier-00000001.json", -3],
    ] as const) {
      await cp(inside(file), inside("other.json"));
      await cp(inside(`${file}.asc`), inside("other.json.asc"));
      await flip(inside("other.json"), at);
      expect((await check(`cases/${name}`, "other.json")).code).toBe(1);
      expect((await gpg.tryGpg(["--verify", inside("other.json.asc"), inside("other.json")])).code).not.toBe(0);
    }
  });

  it("is not made from a ciphertext that was changed, nor without the passphrase", async () => {
    await cp(inside("inbox"), inside("changed"), { recursive: true });
    const [file = ""] = await readdir(inside("changed"));
    await flip(inside("changed", file), 2_000);
    const words = ["dossier", `cases/${name}`, "--key", "secret.asc", "--out", "elsewhere"];
    const changed = await run(...words, "--passphrase-file", "passphrase", "--inbox", "changed");
    expect([changed.code, changed.stderr]).toEqual([
      1,
      expect.stringContaining("is not what the case was opened from"),
    ]);
    await writeFile(inside("wrong"), "wrong\n");
    expect((await run(...words, "--passphrase-file", "wrong")).stderr).toContain("does not unlock");
    expect(await readdir(cwd)).not.toContain("elsewhere");
  });
});

async function flip(path: string, at = 0): Promise<void> {
  const bytes = await readFile(path);
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

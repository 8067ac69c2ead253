import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { postern } from "../support/command.js";
import { Operator } from "../support/operator.js";
import { formOf } from "../support/portal.js";

let folder: string;
let operator: Operator;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-backup-"));
  operator = new Operator(join(folder, "live"));
  await operator.start();
});
afterEach(async () => {
  await operator.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A command of the guide, with what it does on the way to another machine left out. */
async function command(beginning: string): Promise<string> {
  const guide = await readFile(new URL("../../docs/OPERATIONS.md", import.meta.url), "utf8");
  const found = new RegExp(`^(?:.*\\| )?(${beginning}[^\\n|]*)`, "m").exec(guide)?.[1];
  if (found === undefined) throw new Error(`docs/OPERATIONS.md has no command that begins with ${beginning}`);
  return found.trim();
}

it("a backup by the guide's commands, made while the portal runs, is restored with letters, replies' salt and all", async () => {
  const submit = (message: string) =>
    fetch(`${operator.url}/ru/submit`, { method: "POST", body: formOf({ message }, [new File(["x"], "a.pdf")]) });
  expect((await submit("первое")).status).toBe(200);
  await mkdir(join(folder, "live/staff"), { recursive: true });
  const backup = (await command("tar --create")).replace("/var/lib/postern", join(folder, "live"));
  const archive = join(folder, "backup.tar");
  execFileSync("sh", ["-c", `${backup} > ${archive}`]);
  expect((await submit("второе, после копии")).status).toBe(200);
  const salt = await readFile(join(folder, "live/data/mailboxes/portal-salt"));
  await operator.stop();

  const restored = join(folder, "restored");
  await mkdir(restored);
  const restore = (await command("tar --extract --file - ")).replace("/var/lib/postern", restored);
  execFileSync("sh", ["-c", `cat ${archive} | ${restore}`]);
  expect(await readFile(join(restored, "data/mailboxes/portal-salt"))).toEqual(salt);
  const secrets = join(folder, "live/postern-secret");
  const key = (await readdir(secrets)).find((name) => name.endsWith("-secret.asc")) ?? "";
  const words = ["--key", join(secrets, key), "--passphrase-file", join(folder, "live/passphrase")];
  const { code, stdout, stderr } = await postern(["open", "data/submissions", ...words], { cwd: restored });
  expect(code, stderr).toBe(0);
  expect(stdout.trim().split("\n")).toHaveLength(1);
});

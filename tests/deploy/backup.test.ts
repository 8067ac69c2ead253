import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { postern } from "../support/command.js";
import { Operator } from "../support/operator.js";
import { formOf } from "../support/portal.js";
import { removeFolder } from "../support/temporary.js";

const HOME = "var/lib/postern";
let folder: string;
/** Where the portal keeps its store. */
let live: string;
let operator: Operator;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-backup-"));
  live = join(folder, "root", HOME);
  operator = new Operator(live);
  await operator.start();
});
afterEach(async () => {
  await operator.stop();
  await removeFolder(folder);
});

/** A command of the guide up to a pipe, with `root` in place of the machine's root folder. */
async function command(beginning: string, root: string): Promise<string> {
  const guide = await readFile(new URL("../../docs/OPERATIONS.md", import.meta.url), "utf8");
  const found = new RegExp(`${beginning}(?:\\\\\\n|[^\\n|])*`).exec(guide)?.[0];
  if (found === undefined) throw new Error(`docs/OPERATIONS.md has no command that begins with ${beginning}`);
  return found.replace("--directory / ", `--directory ${root} `).replace("--same-owner", "--no-same-owner");
}

it("a backup by the guide's commands, made while the portal runs, is restored with letters, replies' salt and all", async () => {
  const submit = (message: string) =>
    fetch(`${operator.url}/ru/submit`, { method: "POST", body: formOf({ message }, [new File(["x"], "a.pdf")]) });
  expect((await submit("первое")).status).toBe(200);
  await mkdir(join(live, "staff"), { recursive: true });
  const backup = await command("tar --create --file -", join(folder, "root"));
  const archive = join(folder, "backup.tar");
  execFileSync("sh", ["-c", `${backup} > ${archive}`]);
  expect((await submit("второе, после копии")).status).toBe(200);
  const salt = await readFile(join(live, "data/mailboxes/portal-salt"));
  await operator.stop();

  const root = join(folder, "restored");
  await mkdir(root);
  const restore = await command("tar --extract --file - ", root);
  const restored = join(root, HOME);
  execFileSync("sh", ["-c", `cat ${archive} | ${restore}`]);
  expect(await readFile(join(restored, "data/mailboxes/portal-salt"))).toEqual(salt);
  const secrets = join(live, "postern-secret");
  const key = (await readdir(secrets)).find((name) => name.endsWith("-secret.asc")) ?? "";
  const words = ["--key", join(secrets, key), "--passphrase-file", join(live, "passphrase")];
  const { code, stdout, stderr } = await postern(["open", "data/submissions", ...words], { cwd: restored });
  expect(code, stderr).toBe(0);
  expect(stdout.trim().split("\n")).toHaveLength(1);
});

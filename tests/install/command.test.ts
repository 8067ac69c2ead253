import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMANDS, OFFLINE_COMMANDS } from "../../src/cli/command-table.js";
import { removeFolder } from "../support/temporary.js";

const COMMAND = fileURLToPath(new URL("../../scripts/release/debian/postern/postern.sh", import.meta.url));
/** What root does as root: it looks at the whole machine, or touches no store. */
const OF_ROOT = new Set(["demo", "doctor", "verify"]);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-command-"));
  const programs = { id: "echo 0", getent: "true", setpriv: 'echo "as $*"' };
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  }
});
afterAll(() => removeFolder(folder));

describe("/usr/bin/postern, called by root,", () => {
  const server = Object.keys(COMMANDS).filter((name) => !(name in OFFLINE_COMMANDS) && !OF_ROOT.has(name));

  it.each([...server.map((name) => [name, "x"]), ["keys", "check"]])(
    "becomes the portal's user for %s %s",
    (...words) => {
      const env = { PATH: `${folder}:${process.env.PATH}` };
      const { stdout } = spawnSync("sh", [COMMAND, ...words], { env, encoding: "utf8" });
      expect(stdout).toContain("as --reuid=postern");
      expect(stdout).toContain(`main.js ${words.join(" ")}`);
    },
  );
});

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { servePortal } from "../support/command.js";
import { formOf } from "../support/portal.js";
import { requireTools } from "../support/tools.js";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const PASSPHRASE = "correct horse battery staple";

/** The command blocks of docs/STAFF.md, in their order. */
async function blocks(): Promise<string[]> {
  const guide = await readFile(join(PROJECT, "docs/STAFF.md"), "utf8");
  return [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block ?? "");
}

describe.runIf(requireTools("the commands of docs/STAFF.md", "gpg", "gpgtar", "tar", "bash"))(
  "the guide for staff",
  () => {
    let folder: string;
    let environment: Record<string, string>;
    const inside = (...path: readonly string[]) => join(folder, ...path);
    const run = (script: string, more: Record<string, string> = {}) =>
      execFileSync("bash", ["-e", "-c", script], {
        cwd: folder,
        env: { PATH: process.env.PATH ?? "", ...environment, ...more },
        stdio: ["ignore", "pipe", "pipe"],
      });

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "postern-staff-"));
      await mkdir(inside("gnupg"), { mode: 0o700 });
      await writeFile(
        inside("gnupg/gpg.conf"),
        `batch\npinentry-mode loopback\npassphrase-file ${inside("passphrase")}\n`,
      );
      await writeFile(inside("passphrase"), `${PASSPHRASE}\n`);
      environment = {
        GNUPGHOME: inside("gnupg"),
        POSTERN: PROJECT,
        PASSPHRASE: inside("passphrase"),
        SECRET: inside("secret"),
        CASES: inside("cases"),
        INBOX: inside("data/submissions"),
      };
    });
    afterAll(async () => {
      execFileSync("gpgconf", ["--homedir", inside("gnupg"), "--kill", "all"]);
      await rm(folder, { recursive: true, force: true });
    });

    it("works from the making of the key to the letter, command by command", async () => {
      const [makeKey = "", open = "", importKey = "", gpgtar = "", pipe = "", ...more] = await blocks();
      expect(more).toEqual([]);

      run(makeKey);
      const secret = (await readdir(inside("secret"))).find((name) => name.endsWith("-secret.asc")) ?? "";
      const portal = await servePortal({ cwd: folder });
      const form = formOf({ message: "Привет" }, [new File(["документ"], "паспорт.jpg")]);
      expect((await fetch(`${portal.url}/ru/submit`, { method: "POST", body: form })).status).toBe(200);
      await portal.kill("SIGTERM");
      const [stored = ""] = await readdir(inside("data/submissions"));
      const names = { KEY: inside("secret", secret), FILE: inside("data/submissions", stored) };

      run(open, names);
      run(importKey, names);
      run(gpgtar, { ...names, OUT: inside("by-gpgtar") });
      run(pipe, { ...names, OUT: inside("by-pipe") });
      for (const out of ["cases", "by-gpgtar", "by-pipe"]) {
        const [root = ""] = await readdir(inside(out));
        expect(await readFile(inside(out, root, "letter.txt"), "utf8"), out).toContain("Привет");
        expect(await readFile(inside(out, root, "files/01-паспорт.jpg"), "utf8"), out).toBe("документ");
      }
    });

    it("tells of a tampered file through pipefail, as it says", async () => {
      const [stored = ""] = await readdir(inside("data/submissions"));
      const message = await readFile(inside("data/submissions", stored));
      message[message.length - 100] = (message[message.length - 100] ?? 0) ^ 1;
      await writeFile(inside("tampered.gpg"), message);
      const pipe = (await blocks()).at(-1) ?? "";
      expect(() => run(pipe, { FILE: inside("tampered.gpg"), OUT: inside("tampered") })).toThrow();
    });
  },
);

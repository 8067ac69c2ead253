import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formOf, startTestPortal, type TestPortal } from "../support/portal.js";
import { removeFolder } from "../support/temporary.js";
import { requireTools } from "../support/tools.js";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** The command blocks of docs/STAFF.md, in their order. */
async function blocks(): Promise<string[]> {
  const guide = await readFile(join(PROJECT, "docs/STAFF.md"), "utf8");
  return [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block ?? "");
}

describe.runIf(requireTools("the commands of docs/STAFF.md", "gpg", "gpgtar", "tar", "bash"))(
  "the guide for staff",
  () => {
    let folder: string;
    let portal: TestPortal;
    let file: string;
    const inside = (...path: readonly string[]) => join(folder, ...path);
    const run = (script: string, out: string, encrypted = file) =>
      execFileSync("bash", ["-e", "-c", script], {
        cwd: PROJECT,
        env: {
          PATH: process.env.PATH ?? "",
          GNUPGHOME: inside("gnupg"),
          KEY: inside("secret.asc"),
          FILE: encrypted,
          OUT: inside(out),
        },
        stdio: ["ignore", "pipe", "pipe"],
        encoding: "utf8",
      });

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "postern-staff-"));
      await mkdir(inside("gnupg"), { mode: 0o700 });
      // Nobody is there to answer what gpg may ask.
      await writeFile(inside("gnupg/gpg.conf"), "batch\n");
      portal = await startTestPortal();
      await writeFile(inside("secret.asc"), portal.secretKey);
      const form = formOf({ message: "Привет" }, [new File(["документ"], "паспорт.jpg")]);
      expect((await fetch(`${portal.url}/ru/submit`, { method: "POST", body: form })).status).toBe(200);
      const [stored = ""] = await portal.stored();
      file = join(portal.folder, "submissions", stored);
    });
    afterAll(async () => {
      execFileSync("gpgconf", ["--homedir", inside("gnupg"), "--kill", "all"]);
      await portal.stop();
      await removeFolder(folder);
    });

    it("opens a submission in each of the ways it says, command by command", async () => {
      const [open = "", importKey = "", gpgtar = "", pipe = "", count = "", ...more] = await blocks();
      expect(more).toEqual([]);
      run(open, "cases");
      run(importKey, "");
      expect(run(gpgtar, "by-gpgtar")).toBe("complete\n");
      expect(run(pipe, "by-pipe")).toBe("complete\n");
      expect(run(count, "")).toBe("1\n");
      for (const out of ["cases", "by-gpgtar", "by-pipe"]) {
        const root = (await readdir(inside(out))).find((name) => name.startsWith("submission-")) ?? "";
        expect(await readFile(inside(out, root, "letter.txt"), "utf8"), out).toContain("Привет");
        expect(await readFile(inside(out, root, "files/01-паспорт.jpg"), "utf8"), out).toBe("документ");
      }
    });

    it("tells of a tampered file as it says: no command ends with the word complete", async () => {
      const message = await readFile(file);
      message[message.length - 100] = (message[message.length - 100] ?? 0) ^ 1;
      await writeFile(inside("tampered.gpg"), message);
      const [, , gpgtar = "", pipe = ""] = await blocks();
      for (const script of [gpgtar, pipe]) {
        const outcome = attempt(() => run(script, "tampered", inside("tampered.gpg")));
        expect(outcome).not.toContain("complete");
      }
    });
  },
);

/** Standard output, whether the command failed or not. */
function attempt(command: () => string): string {
  try {
    return command();
  } catch (failure) {
    return String((failure as { stdout: unknown }).stdout);
  }
}

import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Opener, workerOpener } from "../../../src/desk/index.js";
import { removeFolder } from "../../support/temporary.js";

const SOURCE = { file: "a.gpg", sha256: "0".repeat(64), day: "2026-01-01" };

/** Stands in for the workers' program: it writes a file, and crashes on files of one name. */
const PROGRAM = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { writeFileSync } from "node:fs";
    import { parentPort } from "node:worker_threads";
    parentPort.on("message", ({ id, file, folder }) => {
      if (id === undefined) return;
      writeFileSync(folder + "/letter.txt", "x", { flag: "wx" });
      setTimeout(() => {
        if (file.endsWith("bad.gpg")) throw new Error("out of order");
        const caseId = "0123456789abcdef".repeat(2);
        const record = { caseId, address: null, followUp: false, language: file, names: new Map([["files/01-a", "a"]]) };
        parentPort.postMessage({ id, kind: "opened", record, bytes: 3 });
      }, 20);
    });
  `)}`,
);

let folder: string;
let opener: Opener;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-worker-"));
  opener = workerOpener(Promise.resolve([]), 2, PROGRAM);
});
afterEach(async () => {
  await opener.close();
  await removeFolder(folder);
});

async function begin(name: string): Promise<{ file: string; into: string }> {
  const file = join(folder, name);
  const into = join(folder, `case of ${name}`);
  await writeFile(file, "abc");
  await mkdir(into);
  return { file, into };
}

describe("decryption workers", () => {
  it("open the other files when one crashes a worker", async () => {
    const names = Array.from({ length: 20 }, (_, index) => (index % 7 === 3 ? `${index}bad.gpg` : `${index}.gpg`));
    const given = await Promise.all(names.map(begin));
    let read = 0;
    const count = (bytes: number) => {
      read += bytes;
    };
    const ended = await Promise.allSettled(given.map(({ file, into }) => opener.open(file, into, SOURCE, count)));
    for (const [index, { file, into }] of given.entries()) {
      const outcome = ended[index];
      if (file.endsWith("bad.gpg")) {
        expect(outcome).toMatchObject({ status: "rejected", reason: { cause: { message: "out of order" } } });
      } else {
        expect(outcome).toMatchObject({
          status: "fulfilled",
          value: { language: file, names: new Map([["files/01-a", "a"]]) },
        });
        expect(await readdir(into)).toEqual(["letter.txt"]);
      }
    }
    expect(read).toBe(17 * 3);
  });

  it("reject the files in progress when they are closed", async () => {
    const { file, into } = await begin("a.gpg");
    const opened = expect(opener.open(file, into, SOURCE)).rejects.toThrow("stopped");
    await opener.close();
    await opened;
  });
});

import { chmod, chown, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../support/gpg.js";
import { removeFolder } from "../support/temporary.js";

const PORTAL = 65_534;
const OPEN = new URL("../../dist/store/index.js", import.meta.url).href;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-owner-"));
  await chmod(folder, 0o755);
});
afterEach(() => removeFolder(folder));

/** What the portal's user is told on opening the store; empty if it opens. */
async function opened(how: "openFileStore" | "openFileSubmissions" | "openFileMailboxes"): Promise<string> {
  const program = `
    process.setgid(${PORTAL}); process.setuid(${PORTAL});
    const store = await import(${JSON.stringify(OPEN)});
    await store.${how}(${JSON.stringify(join(folder, "store"))}).catch((cause) => process.stdout.write(cause.message));`;
  return (await run(process.execPath, ["--input-type=module", "-e", program])).stdout.toString();
}

// Root may use everything: another user has to try.
describe.runIf(process.geteuid?.() === 0)("a store with folders of another user", () => {
  it.each([
    ["openFileStore", "incoming"],
    ["openFileStore", "uploads"],
    ["openFileStore", "submissions"],
    ["openFileMailboxes", "mailboxes"],
  ] as const)("is not opened by %s, which names the folder %s and its owner", async (how, name) => {
    for (const path of ["", "submissions", "incoming", "uploads", "mailboxes"]) {
      const own = join(folder, "store", path);
      await mkdir(own, { recursive: true, mode: 0o700 });
      await chown(own, path === name ? 0 : PORTAL, path === name ? 0 : PORTAL);
    }
    expect(await opened(how)).toBe(
      `user ${PORTAL} may not use ${join(folder, "store", name)}: it belongs to user 0 and has mode 0700; ` +
        "give everything in the store to the portal's user with chown -R",
    );
    await chown(join(folder, "store", name), PORTAL, PORTAL);
    expect(await opened(how)).toBe("");
  });

  it("is named where it cannot even be made", async () => {
    expect(await opened("openFileStore")).toContain(`may not use ${folder}: it belongs to user 0 and has mode 0755`);
  });

  it("is named without the names of files in it", async () => {
    await chown(folder, PORTAL, PORTAL);
    await mkdir(join(folder, "store", "incoming", "left"), { recursive: true });
    await writeFile(join(folder, "store", "incoming", "left", "name-of-a-file"), "");
    for (const path of ["", "incoming"]) await chown(join(folder, "store", path), PORTAL, PORTAL);
    const said = await opened("openFileStore");
    expect(said).toContain("belongs to user 0");
    expect(said).not.toContain("name-of-a-file");
  });
});

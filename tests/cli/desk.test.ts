import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { putCase } from "../support/cases.js";
import { postern, serveDesk } from "../support/command.js";
import { removeFolder } from "../support/temporary.js";

const CASE = "a".repeat(32);
let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-desk-"));
  await putCase(join(cwd, "cases"), "submission-aaaaaaaa", {
    record: { case: CASE },
    letter: "Письмо",
    day: "2026-11-23",
  });
});
afterEach(() => removeFolder(cwd));

describe("postern desk", () => {
  it("prints an address that lets one browser in, says when it ends, and leaves nothing open", async () => {
    const desk = await serveDesk({ cwd });
    const { origin, hash } = new URL(desk.url);
    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const claim = () => fetch(`${origin}/claim`, { method: "POST", headers: { Origin: origin }, body: hash.slice(1) });
    expect((await claim()).status).toBe(200);
    expect((await claim()).status).toBeGreaterThanOrEqual(400);
    await desk.kill("SIGINT");
    expect(desk.process.exitCode).toBe(0);
    await expect(fetch(origin)).rejects.toThrow();
    // Without a display no browser was told.
    expect(await readdir(cwd)).toEqual(["cases"]);
  });

  it("leaves index.html with what was written, however it is told to end", async () => {
    for (const [signal, note] of [
      ["SIGTERM", "позвонить"],
      ["SIGINT", "написать"],
    ] as const) {
      const desk = await serveDesk({ cwd });
      const { origin, hash } = new URL(desk.url);
      const post = (path: string, body: string, token = "") =>
        fetch(origin + path, { method: "POST", headers: { Origin: origin, "postern-token": token }, body });
      const { token } = (await (await post("/claim", hash.slice(1))).json()) as { readonly token: string };
      const written = { by: "Анна", changes: [{ case: CASE, set: { note } }] };
      expect((await post("/changes", JSON.stringify(written), token)).status).toBe(200);
      await desk.kill(signal);
      expect(desk.process.exitCode).toBe(0);
      expect(await readFile(join(cwd, "cases/index.html"), "utf8")).toContain(note);
    }
  });

  it("names a folder that is none", async () => {
    const refused = await postern(["desk", "nowhere"], { cwd });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("is no folder of cases");
    expect((await readFile(join(cwd, "cases/submission-aaaaaaaa/letter.txt"), "utf8")).length).toBeGreaterThan(0);
  });
});

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, isInstalled, poll } from "../support/browsers.js";
import { program } from "../support/program.js";
import { removeFolder } from "../support/temporary.js";

const MAIN = await program();
const LETTERS = 42;

/** `npm run demo`, on a terminal, which `script` of util-linux makes. */
describe.each(BROWSERS.filter((kind) => kind.tool === "chromium" && isInstalled(kind)))(
  "the demonstration on a terminal, in $name",
  (kind) => {
    const session = browserSession(kind);
    let folder: string;
    let program: ChildProcess;
    let said = "";
    const line = (label: string) => new RegExp(`^  ${label} +(\\S+)`, "m").exec(said)?.[1] ?? "";
    const until = (words: string) => poll(words, async () => (said.includes(words) ? true : null));
    const pressed = async (key: string, answer: RegExp) => {
      const before = said.length;
      program.stdin?.write(key);
      return poll(String(answer), async () => answer.exec(said.slice(before)));
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "postern-demo-test-"));
      const env = { PATH: process.env.PATH ?? "", TMPDIR: folder };
      program = spawn("script", ["-qec", `exec "${process.execPath}" "${MAIN}" demo`, "/dev/null"], { env });
      program.stdout?.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
      await until("Ctrl-C ends the demonstration");
    });
    afterAll(async () => {
      program.kill("SIGKILL");
      await removeFolder(folder);
    });

    it("has a form for who writes", async () => {
      await session.page.goto(line("a mother writes"));
      await session.form.untilSendable();
    });

    it("lets staff in with a code that it shows at each press of Enter, and has all letters for them", async () => {
      const { page } = session;
      await page.goto(line("staff collect"));
      await page.type("[name=name]", "demo");
      await page.type("[name=passphrase]", /passphrase (\w+), code/.exec(said)?.[1] ?? "");
      const code = await pressed("\r", /code (\d{6})/);
      await page.type("[name=code]", code[1] ?? "");
      await page.keyboard.press("Enter");
      await poll("all letters", () => page.$eval("main", (main) => main.textContent?.includes("(42)") || null));
    });

    it("has all letters, opened and listed, for who reads", async () => {
      await session.page.goto(line("staff read offline"));
      expect(await session.page.$$eval("details.case", (cases) => cases.length)).toBe(LETTERS);
    });

    it("has a workbench for who answers, with all letters and a folder for the answers", async () => {
      const { page } = session;
      await page.goto(line("and answer them"));
      const count = await poll("all letters", () =>
        page.$$eval(
          "p[role=status]",
          (all, letters) => all.find((each) => each.textContent?.includes(letters))?.textContent ?? null,
          `: ${LETTERS}`,
        ),
      );
      expect(count).toBe(`Знайдено: ${LETTERS}`);
      expect(await page.$$eval("details.case", (cases) => cases.length)).toBe(LETTERS);
      expect(await page.evaluate(() => location.hash)).toBe("");
    });

    it("deletes all that it made after Ctrl-C, if told so", async () => {
      const [made = ""] = await readdir(folder);
      const ended = once(program, "exit");
      await pressed("\x03", /delete everything that it made/);
      await pressed("y\r", /deleted/);
      expect(await ended).toEqual([0, null]);
      await expect(access(join(folder, made))).rejects.toThrow("ENOENT");
    });
  },
);

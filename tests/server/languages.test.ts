import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadTexts } from "../../src/locales/index.js";
import { formOf, startTestPortal, type TestPortal } from "../support/portal.js";
import { removeFolder } from "../support/temporary.js";

const LOCALES = fileURLToPath(new URL("../../src/locales/", import.meta.url));

let folder: string;
let portal: TestPortal;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-locales-"));
  for (const name of ["ru.ftl", "uk.ftl", "en.ftl"]) await cp(join(LOCALES, name), join(folder, name));
  const english = await readFile(join(LOCALES, "en.ftl"), "utf8");
  // Marks every message, so that words that come from anywhere else stand out.
  const pseudo = english
    .replace(/^([a-z][\w-]*) = (?!\{ \$\w+ ->)(.+)$/gm, "$1 = ⟦$2⟧")
    .replace(/^( +\*?\[\w+\] )(.+)$/gm, "$1⟦$2⟧");
  await writeFile(join(folder, "eo.ftl"), pseudo.replace(/^direction = .*$/m, "direction = ltr"));
  await writeFile(join(folder, "ar.ftl"), pseudo.replace(/^direction = .*$/m, "direction = rtl"));
  portal = await startTestPortal({ texts: loadTexts(pathToFileURL(`${folder}/`)) });
});
afterAll(async () => {
  await portal.stop();
  await removeFolder(folder);
});

/** What a person reads on a page: between the elements. */
const words = (page: string) =>
  page
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, "")
    .split(/<[^>]*>/)
    .map((text) => text.trim())
    .filter((text) => /\p{L}/u.test(text));

describe("a language that is added as one file", () => {
  it.each(["eo", "ar"])(
    "is on the language switch of every page and speaks on all of its own: %s",
    async (language) => {
      for (const path of [
        "",
        "form/alone",
        "replies",
        "replies/plain",
        "safety",
        "about",
        "keys",
        "encrypted",
        "nothing",
      ]) {
        const page = await (await fetch(`${portal.url}/${language}/${path}`)).text();
        expect(page).toContain(`<html lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}" translate="no">`);
        const others = /^(Русский|Українська|English|[0-9A-F ]+)$/;
        for (const text of words(page).filter((text) => !others.test(text) && text !== "·")) {
          expect(text, path).toMatch(/[⟦⟧]/);
        }
      }
      const russian = await (await fetch(`${portal.url}/ru/`)).text();
      expect(russian).toContain(`href="/${language}/"`);
    },
  );

  it("takes a letter and gives a receipt", async () => {
    const response = await fetch(`${portal.url}/ar/submit`, { method: "POST", body: formOf({ message: "مرحبا" }) });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('dir="rtl"');
    expect((await portal.open())[0]?.record).toMatchObject({ language: "ar", answers: { message: "مرحبا" } });
  });
});

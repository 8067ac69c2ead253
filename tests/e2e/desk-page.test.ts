import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decryptKey, encryptKey, enums, readPrivateKey } from "openpgp";
import type { Browser, ElementHandle, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createReceiptCode,
  createSubmission,
  deriveReplyAddress,
  readAcknowledgement,
  type SubmissionContents,
} from "../../src/core/index.js";
import { createKeyPair, type KeyProfile } from "../../src/desk/index.js";
import { encryptMessage, openReply, type Recipient } from "../../src/openpgp/index.js";
import { BRAINPOOL_KEY, BRAINPOOL_MESSAGE } from "../support/brainpool.js";
import { BROWSERS, isInstalled, poll } from "../support/browsers.js";
import { utf8 } from "../support/bytes.js";
import { recipientOf } from "../support/keys.js";
import { lockedBy, makeSecretKey } from "../support/secret-keys.js";
import { removeFolder } from "../support/temporary.js";
import { file, rawArchive, folder as tarFolder } from "../support/ustar.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DESK = new URL("../../dist/desk.html", import.meta.url);
const PASSPHRASE = "шесть слов, выбранных костями";
const LETTER = "Письмо\n\nВаше письмо\nМоего сына Петра осудили на семь лет. <b>Помогите</b>\u202e\n";
const TEXT = "Приговор от 3 ноября.\n";
const PERSON = "Здравствуйте, пишу вам своей программой.\n";
const id = (digit: string) => digit.repeat(32);

const bytesOf = async (stream: ReadableStream<Uint8Array>) => Buffer.from(await new Response(stream).arrayBuffer());

async function encrypted(recipient: Recipient, contents: Partial<SubmissionContents>): Promise<Buffer> {
  const { stream } = createSubmission({
    caseId: id("1"),
    form: { id: "default", version: 1 },
    language: "ru",
    answers: {},
    letter: LETTER,
    documents: [],
    encryptedBy: "browser",
    ...contents,
  });
  return bytesOf(await encryptMessage(stream, [recipient], new Date()));
}

const document = (name: string, contents: Uint8Array<ArrayBuffer>) => ({
  name,
  type: "",
  size: contents.length,
  open: () => new Blob([contents]).stream(),
});

const keyPair = (profile: KeyProfile) =>
  createKeyPair({ profile, userId: { name: "Appeals" }, passphrase: PASSPHRASE, lifetime: 1e6 });

/** SHA-256 of the SHA-256 of each MiB. */
function blocksSha256(contents: Buffer): string {
  const all = createHash("sha256");
  for (let start = 0; start < contents.length; start += 1024 * 1024) {
    all.update(
      createHash("sha256")
        .update(contents.subarray(start, start + 1024 * 1024))
        .digest(),
    );
  }
  return all.digest("hex");
}

for (const kind of BROWSERS.filter(isInstalled)) {
  describe(`desk.html in ${kind.name}, from a disk`, () => {
    let folder: string;
    let downloads: string;
    let browser: Browser;
    let page: Page;
    let outside: Server;
    let outsideUrl: string;
    const heard: string[] = [];
    const requests: string[] = [];
    /** What the browser complains of in its console, as of breaches of the page's policy. */
    const complaints: string[] = [];
    const address = deriveReplyAddress(createReceiptCode(), new Uint8Array(16));
    const inbox = (name: string) => join(folder, name);

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "postern-desk-page-"));
      downloads = inbox("downloads");
      await mkdir(downloads);
      outside = createServer((request, response) => {
        heard.push(request.url ?? "");
        response.end();
      });
      await new Promise<void>((resolve) => outside.listen(0, "127.0.0.1", resolve));
      outsideUrl = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
      const [gnupg, rfc9580, foreign] = await Promise.all([keyPair("gnupg"), keyPair("rfc9580"), keyPair("gnupg")]);
      await writeFile(inbox("gnupg-secret.asc"), gnupg.secretKey);
      await writeFile(inbox("certificate.asc"), gnupg.certificate);
      // A passphrase that goes through Argon2, which a page without leave to compile could not compute.
      const plain = await decryptKey({
        privateKey: await readPrivateKey({ armoredKey: rfc9580.secretKey }),
        passphrase: PASSPHRASE,
      });
      const argon2 = await encryptKey({
        privateKey: plain,
        passphrase: PASSPHRASE,
        config: { aeadProtect: true, s2kType: enums.s2k.argon2 },
      });
      await writeFile(inbox("rfc9580-secret.asc"), argon2.armor());
      await writeFile(inbox("own-secret.asc"), (await lockedBy(await makeSecretKey(), "own")).armor());
      await writeFile(inbox("brainpool.key"), BRAINPOOL_KEY);
      await writeFile(inbox("brainpool.gpg"), BRAINPOOL_MESSAGE);

      const [first, second] = await Promise.all([recipientOf(gnupg), recipientOf(rfc9580)]);
      const png = new Uint8Array(await readFile(new URL("../support/dot.png", import.meta.url)));
      const main = await encrypted(first, {
        reply: await address,
        documents: [
          document("приговор \u202e.txt", new TextEncoder().encode(TEXT)),
          document("фото.png", png),
          document("run.exe", new TextEncoder().encode("MZ")),
          document("../../page.html", new TextEncoder().encode(`<img src="${outsideUrl}/document">`)),
        ],
      });
      await writeFile(inbox(`${id("a")}.tar.gpg`), main);
      await writeFile(inbox("copy.tar.gpg"), main);
      const more = { caseId: id("2"), reply: await address, followUp: true, letter: "Письмо\n\nЕщё одно\n" };
      await writeFile(inbox(`${id("b")}.tar.gpg`), await encrypted(first, more));
      const hostile = `Письмо\n\n<img src="${outsideUrl}/letter"><script src="${outsideUrl}/script"></script>\n`;
      await writeFile(
        inbox(`${id("c")}.tar.gpg`),
        await encrypted(second, { caseId: id("3"), letter: hostile, language: "uk" }),
      );
      const damaged = Buffer.from(main);
      damaged[damaged.length - 30_000] = (damaged[damaged.length - 30_000] ?? 0) ^ 1;
      await writeFile(inbox(`${id("d")}.tar.gpg`), damaged);
      await writeFile(inbox(`${id("e")}.tar.gpg`), await encrypted(await recipientOf(foreign), {}));
      await writeFile(inbox("letter.gpg"), "Здравствуйте!");
      const message = async (contents: Uint8Array<ArrayBuffer>) =>
        bytesOf(await encryptMessage(new Blob([contents]).stream(), [first], new Date()));
      await writeFile(inbox("bad.gpg"), await message(rawArchive([tarFolder("submission-11111111/")])));
      await writeFile(inbox("person.gpg"), await message(utf8(PERSON)));
      await writeFile(
        inbox("folder.gpg"),
        await message(rawArchive([tarFolder("docs/"), file("docs/письмо.txt", PERSON)])),
      );
      await writeFile(inbox(`${id("a")}-1.reply.gpg`), "a reply is no submission");
      browser = await kind.launch(downloads);
      page = await kind.newPage(browser);
      page.on("request", (request) => void requests.push(request.url()));
      page.on("console", (message) => void complaints.push(message.text()));
      page.on("pageerror", (error) => void complaints.push(String(error)));
      await page.goto(DESK.href);
    });
    afterAll(async () => {
      await browser.close();
      outside.close();
      await removeFolder(folder);
    });

    const text = (selector: string) => page.$eval(selector, (element) => element.textContent);
    const choose = async (selector: string, ...names: readonly string[]) => {
      const field = (await page.$(selector)) as ElementHandle<HTMLInputElement>;
      await field.uploadFile(...names.map(inbox));
    };
    const press = async (selector: string) => {
      await page.focus(selector);
      await page.keyboard.press("Enter");
    };
    const type = async (selector: string, words: string) => {
      await page.$eval(selector, (field) => {
        (field as HTMLInputElement).value = "";
      });
      await page.focus(selector);
      await page.keyboard.type(words);
    };
    const saved = (what: string, wanted: (name: string) => boolean) =>
      poll(what, async () => {
        const names = await readdir(downloads);
        const name = names.some((each) => /\.(?:part|crdownload)$/.test(each)) ? undefined : names.find(wanted);
        const contents = name === undefined ? null : await readFile(join(downloads, name));
        return name === undefined || contents === null || contents.length === 0 ? null : { name, contents };
      });
    const openCase = async (words: string) => {
      await page.$eval("#search", (field) => {
        (field as HTMLInputElement).value = "";
        field.dispatchEvent(new Event("input"));
      });
      await type("#search", words);
      await press("details.case summary");
      await poll("the letter", () => page.$(".letter"));
    };
    /** The button with these words in the `index`-th document of the case that is open. */
    const pressAt = async (index: number, words: string) => {
      await page.$$eval(
        "details.case li",
        (all, at, wanted) => {
          for (const button of all[at]?.querySelectorAll("button") ?? []) {
            if (button.textContent === wanted) button.click();
          }
        },
        index,
        words,
      );
    };

    it("says what is wrong with a key or a passphrase", async () => {
      await choose("#keys", "certificate.asc");
      await press("#unlock");
      await poll("the words", async () => (await text("main [role=status]"))?.includes("немає таємного ключа") || null);
      await choose("#keys", "gnupg-secret.asc");
      await type("#passphrase", "wrong");
      await press("#unlock");
      await poll("the words", async () => (await text("main [role=status]"))?.includes("не підходить") || null);
      expect(await page.$("#files")).toBeNull();
    });

    it("unlocks several keys, one of them through Argon2, each with its own passphrase", async () => {
      await type("#passphrase", PASSPHRASE);
      await press("#unlock");
      await poll("the key", async () => ((await page.$$("#unlocked li")).length === 1 ? true : null));
      await press("main details summary");
      await choose("#keys", "rfc9580-secret.asc", "own-secret.asc");
      await type("#passphrase", PASSPHRASE);
      await press("#unlock");
      await poll("both keys", async () => ((await page.$$("#unlocked li")).length === 2 ? true : null));
      expect(await text("#key-faults")).toContain("не підходить до цього ключа");
      await type("#passphrase", "own");
      await press("#unlock");
      await poll("all keys", async () => ((await page.$$("#unlocked li")).length === 3 ? true : null));
      expect(await page.$("#key-faults")).toBeNull();
      await press("main details summary");
      await choose("#keys", "brainpool.key");
      await type("#passphrase", "p");
      await press("#unlock");
      await poll("all keys", async () => ((await page.$$("#unlocked li")).length === 4 ? true : null));
    });

    it("opens what it can, names what it cannot with the cause, and knows copies and replies", async () => {
      const names = (await readdir(folder)).filter((name) => name.endsWith(".gpg"));
      await choose("#files", ...names);
      await poll("the cases", () => page.$("#acknowledge"), 60_000);
      expect(await text("#outcome")).toContain("Відкрито звернень: 6");
      expect(await text("#outcome")).toContain("Уже було відкрито: 1");
      expect(await page.$$eval("#refused li", (all) => all.map((each) => each.textContent))).toEqual([
        expect.stringMatching(/^bad\.gpg: складено не так, як це робить наша форма \(\w+\)/),
        expect.stringMatching(/^d{32}\.tar\.gpg: пошкоджено або змінено/),
        expect.stringMatching(/^e{32}\.tar\.gpg: жоден із ваших ключів/),
        expect.stringMatching(/^letter\.gpg: це не зашифрований файл/),
      ]);
      const cases = await page.$$eval("details.case summary", (all) => all.map((each) => each.textContent));
      expect(cases).toHaveLength(5);
    });

    it("takes a tar from the pickup pages, and names what in it is damaged or missing", async () => {
      const [a, b, c] = [`${id("a")}.tar.gpg`, `${id("b")}.tar.gpg`, `${id("9")}.tar.gpg`];
      const [first, second] = await Promise.all([a, b].map((name) => readFile(inbox(name))));
      const line = (contents: Buffer | undefined, name: string) =>
        `${createHash("sha256")
          .update(contents ?? "")
          .digest("hex")}  ${name}\n`;
      const manifest = file("MANIFEST.txt", line(first, a) + line(first, b) + line(first, c));
      const damaged = Buffer.from(second ?? "");
      damaged[1_000] = (damaged[1_000] ?? 0) ^ 1;
      const whole = rawArchive([file(a, first ?? ""), file(b, damaged), manifest]);
      await writeFile(inbox("submissions-2026-11-23.tar"), whole);
      await writeFile(inbox("submissions-2026-11-22.tar"), whole.subarray(0, whole.length / 2));
      await choose("#files", "submissions-2026-11-22.tar", "submissions-2026-11-23.tar");
      await poll("the outcome", async () => ((await page.$$("#refused li")).length === 3 ? true : null));
      expect(await page.$$eval("#refused li", (all) => all.map((each) => each.textContent))).toEqual([
        expect.stringMatching(/^9{32}\.tar\.gpg: MANIFEST\.txt називає цей файл/),
        expect.stringMatching(/^b{32}\.tar\.gpg: файл не такий/),
        expect.stringMatching(/^submissions-2026-11-22\.tar: тут лише частина/),
      ]);
      // The one that is whole was open already.
      expect(await text("#outcome")).toContain("Уже було відкрито: 1");
      expect(await text("#outcome")).toContain("Відкрито звернень: 6");
    });

    it("makes a case of what a person encrypted with a program of their own, which cannot be answered", async () => {
      const shown = await page.$$eval(
        "details.case",
        (all, words) => {
          const foreign = all.filter((each) => each.textContent?.includes(words));
          for (const each of foreign) (each as HTMLDetailsElement).open = true;
          return foreign.length;
        },
        PERSON.slice(0, 20),
      );
      expect(shown).toBe(2);
      const views = await poll("both cases", async () => {
        const all = await page.$$eval("details.case[open]", (each) => each.map(({ textContent }) => textContent ?? ""));
        return all.length === 2 && all.every((each) => each.includes("власною програмою")) ? all : null;
      });
      expect(views.filter((each) => each.includes("01-") || each.includes("письмо.txt"))).toHaveLength(1);
      expect(await page.$("details.case[open] textarea")).toBeNull();
      await page.$$eval("details.case[open]", (all) => {
        for (const each of all) each.querySelector<HTMLButtonElement>("li button")?.click();
      });
      for (const name of ["01-letter.txt", "01-письмо.txt"]) {
        expect((await saved(name, (each) => each === name)).contents.toString()).toBe(PERSON);
        await rm(join(downloads, name));
      }
      await page.$$eval("details.case[open]", (all) => {
        for (const each of all) each.removeAttribute("open");
      });
    });

    it("shows a letter as text, what was added later below it, and warns of documents", async () => {
      await openCase("петра");
      expect(await text(".letter")).toBe(LETTER.replace("\u202e", "⟨U+202E⟩"));
      expect(await page.$$eval(".letter", (all) => all.map((each) => each.textContent))).toContain(
        "Письмо\n\nЕщё одно\n",
      );
      expect(await page.$("img, script[src], .letter *")).toBeNull();
      const documents = await page.$$eval("details.case li", (all) => all.map((each) => each.textContent));
      expect(documents[0]).toContain("приговор ⟨U+202E⟩.txt");
      expect(documents[2]).toContain("програма: не запускайте");
      expect(documents[3]).toContain("вебсторінка або SVG");
    });

    it("saves a document with the name that every other way of opening gives it", async () => {
      await pressAt(0, "Зберегти");
      const { name, contents } = await saved("the document", (each) => each.endsWith(".txt"));
      expect(name).toBe("01-приговор _.txt");
      expect(contents.toString()).toBe(TEXT);
      await pressAt(3, "Зберегти");
      expect((await saved("the page", (each) => each.endsWith(".html"))).name).toBe("04-page.html");
    });

    it("draws a picture and shows plain text without opening either", async () => {
      await pressAt(1, "Показати зображення");
      const size = await poll("the drawing", () => page.$eval("canvas", (canvas) => [canvas.width, canvas.height]));
      expect(size).toEqual([1, 1]);
      await pressAt(0, "Показати текст");
      expect(await poll("the text", () => text("details.case li .letter"))).toBe(TEXT);
      const offered = await page.$$eval("details.case li:nth-child(4) button", (all) =>
        all.map((each) => each.textContent),
      );
      expect(offered).toEqual(["Зберегти"]);
    });

    it("saves the whole submission as the archive that it is", async () => {
      await page.$eval("details.case p.actions button", (button) => (button as HTMLButtonElement).click());
      const { name, contents } = await saved("the archive", (each) => each.endsWith(".tar"));
      expect(name).toBe("submission-11111111.tar");
      expect(contents.subarray(0, 20).toString()).toBe("submission-11111111/");
    });

    it("keeps a reply that is being written while the page changes, and encrypts it to the submitter", async () => {
      await type("details.case textarea", "Мы получили ваше письмо.");
      await press("button[lang=en]");
      await openCase("петра");
      expect(await page.$eval("details.case textarea", (field) => (field as HTMLTextAreaElement).value)).toBe(
        "Мы получили ваше письмо.",
      );
      await writeFile(inbox("bilet.pdf"), "%PDF-1.7\n");
      await choose("section.reply input[type=file]", "bilet.pdf");
      await press("section.reply button");
      const { name, contents } = await saved("the reply", (each) => each.endsWith(".reply.gpg"));
      const { mailbox, key } = await address;
      expect(name).toMatch(new RegExp(`^${mailbox}-[1-9]\\d{5}\\.reply\\.gpg$`));
      const reply = await openReply(new Blob([new Uint8Array(contents)]).stream(), key);
      expect(reply.text).toBe("Мы получили ваше письмо.\n");
      expect(reply.files.map((file) => file.name)).toEqual(["bilet.pdf"]);
      await page.select("#status", "answered");
      expect((await page.$$("details.case")).length).toBe(1);
      await page.select("#status", "");
    });

    it("writes the acknowledgement of what it opened, and of nothing else", async () => {
      await press("#acknowledge");
      const { contents } = await saved("the acknowledgement", (each) => each === "acknowledgement.json");
      const expected = await Promise.all(
        ["a", "b", "c"].map(async (digit) => ({
          id: id(digit),
          blocksSha256: blocksSha256(await readFile(inbox(`${id(digit)}.tar.gpg`))),
        })),
      );
      expect(readAcknowledgement(contents.toString()).opened).toEqual(expected);
    });

    it("asks for nothing, and may not", async () => {
      await openCase("script");
      expect(complaints).toEqual([]);
      const blocked = await page.evaluate(
        (url) =>
          Promise.all([
            fetch(url).then(
              () => "fetched",
              () => "blocked",
            ),
            new Promise((resolve) => {
              const image = new Image();
              image.onload = () => resolve("loaded");
              image.onerror = () => resolve("blocked");
              image.src = `${url}/image`;
            }),
          ]),
        outsideUrl,
      );
      expect(blocked).toEqual(["blocked", "blocked"]);
      expect(heard).toEqual([]);
      expect(requests.filter((url) => !/^(?:file|blob|data):/.test(url) && !url.startsWith(outsideUrl))).toEqual([]);
    });

    it("forgets everything when told to", async () => {
      await page.$$eval("main > p.actions:last-child button", (all) => (all[0] as HTMLButtonElement).click());
      await poll("the first step", async () => ((await page.$("#unlocked")) === null ? page.$("#keys") : null));
      expect(await page.content()).not.toContain("Петра");
    });
  });
}

describe("desk.html", () => {
  it("is one file that refers to nothing outside", async () => {
    const html = await readFile(fileURLToPath(DESK), "utf8");
    expect(html.match(/<(?:link|img|iframe|object|embed|form)\b/g)).toBeNull();
    expect(html.match(/<[^>]+\s(?:src|href)=/g)).toBeNull();
    expect(html).toContain("connect-src 'none'");
  });

  it("is the same wherever and whenever it is built", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "postern another place-"));
    try {
      await cp(join(ROOT, "dist"), join(elsewhere, "dist"), { recursive: true });
      await cp(join(ROOT, "public"), join(elsewhere, "public"), { recursive: true });
      await cp(join(ROOT, "scripts"), join(elsewhere, "scripts"), { recursive: true });
      await writeFile(join(elsewhere, "package.json"), '{"type":"module"}');
      await symlink(join(ROOT, "node_modules"), join(elsewhere, "node_modules"));
      await rm(join(elsewhere, "dist/desk.html"));
      const { stderr } = spawnSync(process.execPath, [join(elsewhere, "scripts/build-desk.mjs")], {
        cwd: tmpdir(),
        encoding: "utf8",
        env: { TZ: "Asia/Vladivostok", LANG: "uk_UA.UTF-8" },
      });
      const html = await readFile(join(elsewhere, "dist/desk.html"));
      expect(html.equals(await readFile(fileURLToPath(DESK)))).toBe(true);
      expect(html.includes(elsewhere) || html.includes(ROOT)).toBe(false);
      expect(stderr).toBe(`${createHash("sha256").update(html).digest("hex")}  dist/desk.html\n`);
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });
});

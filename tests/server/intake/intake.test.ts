import { once } from "node:events";
import { mkdtemp, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createKeyPair, type KeyPair } from "../../../src/desk/index.js";
import type { UploadStore } from "../../../src/server/index.js";
import { StoreError } from "../../../src/store/index.js";
import { atLength, shareOf } from "../../support/length.js";
import { eventually, formOf, type PortalOptions, startTestPortal, type TestPortal } from "../../support/portal.js";
import { BOUNDARY, beginPost, multipart, part, post } from "../../support/raw-request.js";
import { canMountSmallDisk, withSmallDisk } from "../../support/small-disk.js";

const LETTER = "Здравствуйте! Помогите, пожалуйста.";
const MIB = 1024 * 1024;
const OTHERS = atLength(10, 50);

let portal: TestPortal;
let pair: KeyPair;
beforeAll(async () => {
  pair = await createKeyPair({ profile: "gnupg", userId: { name: "test" }, passphrase: "", lifetime: 1e8 });
});
const start = async (options?: PortalOptions) => {
  portal = await startTestPortal({ ...(options?.lifetime === undefined && { pair }), ...options });
  return portal;
};
const submit = (body: BodyInit, language = "ru") => fetch(`${portal.url}/${language}/submit`, { method: "POST", body });
/** `store`, which stores otherwise. */
const withPut = (store: UploadStore, put: UploadStore["put"]): UploadStore => ({
  put,
  get: (id) => store.get(id),
  find: (id) => store.find(id),
  list: () => store.list(),
  remove: (id) => store.remove(id),
  free: () => store.free(),
  uploads: store.uploads,
  mailboxes: store.mailboxes,
  drafts: store.drafts,
});
const nothingLeft = async () => {
  expect(await portal.stored()).toEqual([]);
  expect(await portal.underWay()).toEqual([]);
};

afterEach(() => portal.stop());

describe("a letter that is taken", () => {
  it.each([
    ["ru", "Письмо у нас"],
    ["uk", "Лист у нас"],
    ["en", "We have your letter"],
  ])("is answered in the language of its form: %s", async (language, title) => {
    await start();
    const response = await submit(formOf({ message: LETTER }), language);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(`<h1>${title}</h1>`);
    expect((await portal.open())[0]?.record.language).toBe(language);
  });

  it("arrives with every answer, in submission.json and in letter.txt", async () => {
    await start();
    const answers = {
      message: `${LETTER}\n\nВторой абзац.`,
      prisoner: "Иванов Пётр",
      place: "СИЗО-1",
      charge: "207.3\nс марта",
      request: "обмен",
      writer: "мать",
      contact: "Signal",
    };
    expect((await submit(formOf(answers))).status).toBe(200);
    const [opened] = await portal.open();
    expect(opened?.record).toMatchObject({
      format: "postern-submission",
      version: 1,
      form: { id: "default", version: 2 },
      answers,
      encrypted: "server",
    });
    for (const answer of Object.values(answers)) expect(opened?.letter).toContain(answer);
    expect(opened?.letter).toContain("О ком вы пишете");
  });

  it("may be a document alone", async () => {
    await start();
    expect((await submit(formOf({ message: "" }, [new File(["x"], "a.txt")]))).status).toBe(200);
    expect((await portal.open())[0]?.files.map(({ name }) => name)).toEqual(["a.txt"]);
  });

  it("may be a letter alone, with the file field left empty as browsers send it", async () => {
    await start();
    const body = multipart(
      part('name="message"', LETTER),
      part('name="documents"; filename=""', "", "application/octet-stream"),
    );
    expect((await post(`${portal.url}/ru/submit`, body)).status).toBe(200);
    expect((await portal.open())[0]?.files).toEqual([]);
  });

  it("may have its parts in any order", async () => {
    await start();
    const body = multipart(
      part('name="documents"; filename="first.txt"', "1", "text/plain"),
      part('name="contact"', "Signal"),
      part('name="documents"; filename="second.txt"', "2", "text/plain"),
      part('name="message"', LETTER),
    );
    expect((await post(`${portal.url}/en/submit`, body)).status).toBe(200);
    const [opened] = await portal.open();
    expect(opened?.record.answers).toEqual({ message: LETTER, contact: "Signal" });
    expect(opened?.files.map(({ name, contents }) => [name, contents.toString()])).toEqual([
      ["first.txt", "1"],
      ["second.txt", "2"],
    ]);
  });

  it.each(shareOf([0, 1, 511, 512, 513, 65_535, 65_536, 65_537, MIB - 1, MIB, MIB + 1], 3))(
    "keeps a document of %i bytes byte for byte",
    async (size) => {
      await start();
      const contents = new Uint8Array(size).map((_, index) => (index * 31) % 256);
      expect((await submit(formOf({}, [new File([contents], "a.bin")]))).status).toBe(200);
      const [opened] = await portal.open();
      expect(opened?.files[0]?.contents.equals(contents)).toBe(true);
    },
  );

  it("weighs what any short letter weighs, whatever it is made of", async () => {
    await start();
    await submit(formOf({ message: "да" }));
    await submit(formOf({ message: LETTER.repeat(100), contact: "x" }, [new File(["x".repeat(20_000)], "a.txt")]));
    await submit(formOf({}, [new File(["x"], "a.txt"), new File(["y".repeat(511)], "b.txt")]));
    const sizes = new Set<number>();
    for await (const { bytes } of portal.store.list()) sizes.add(bytes);
    expect(await portal.stored()).toHaveLength(3);
    expect(sizes.size).toBe(1);
  });

  it("is told about only after it is stored", async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    await start({
      wrapStore: (store) =>
        withPut(store, async (ciphertext) => {
          const stored = await store.put(ciphertext);
          await gate;
          return stored;
        }),
    });
    let answered = false;
    const response = submit(formOf({ message: LETTER })).then((answer) => {
      answered = true;
      return answer;
    });
    await eventually(async () => (await portal.stored()).length === 1, "the submission is stored");
    // An answer that did not wait would have gone before this one.
    await fetch(`${portal.url}/healthz`);
    expect(answered).toBe(false);
    release();
    expect((await response).status).toBe(200);
  });

  it(`may come together with ${OTHERS} others`, async () => {
    await start();
    const answers = await Promise.all(
      Array.from({ length: OTHERS }, (_, index) =>
        submit(formOf({ message: `letter ${index}` }, [new File([`document ${index}`], `${index}.txt`)])),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(OTHERS).fill(200));
    const opened = await portal.open();
    const pairs = opened.map(({ record, files }) => [record.answers.message, files[0]?.contents.toString()]);
    expect(pairs.sort()).toEqual(
      Array.from({ length: OTHERS }, (_, index) => [`letter ${index}`, `document ${index}`]).sort(),
    );
  });
});

describe("documents with awkward names", () => {
  const AWKWARD = [
    "паспорт.jpg",
    "приговор.jpg",
    "😀🏳️‍🌈.png",
    `${"я".repeat(120)}.pdf`,
    `${"a".repeat(251)}.txt`,
    "../../etc/passwd",
    "..\\..\\windows\\system32\\config",
    "CON.txt",
    "aux",
    "отчёт\u202efdp.exe",
    "same.txt",
    "same.txt",
    "SAME.TXT",
    ".profile",
    "-rf",
    "a b  c.txt",
    "trailing. ",
    'quote".txt',
    "semi;colon=.txt",
    "percent%20.txt",
    "new\nline.txt",
    "tab\there.txt",
    "null.txt",
    "ї'є.docx",
    "é.txt",
    "e\u0301.txt",
    "...",
    "*?<>|.txt",
  ];

  it("arrive all hundred, byte for byte, under the names they came with", async () => {
    await start();
    const names = Array.from({ length: 98 }, (_, index) => AWKWARD[index] ?? `№ ${index} документ.pdf`);
    const parts = names.map((name, index) => {
      // As browsers escape names: WHATWG HTML, multipart/form-data encoding algorithm.
      const escaped = name
        .replaceAll("\n", "%0A")
        .replaceAll("\r", "%0D")
        .replaceAll('"', "%22")
        .replaceAll("\\", "\\\\");
      return part(`name="documents"; filename="${escaped}"`, `contents of ${index}`, "application/octet-stream");
    });
    parts.push(part('name="documents"; filename=""', "nameless but not empty", "application/octet-stream"));
    parts.push(part('name="documents"; filename="empty.txt"', "", "text/plain"));
    const { status, text } = await post(`${portal.url}/uk/submit`, multipart(part('name="message"', LETTER), ...parts));
    expect(status).toBe(200);
    expect(text).toContain("100 документів");
    const [opened] = await portal.open();
    expect(opened?.record.files.map(({ name }) => name)).toEqual([...names, "", "empty.txt"]);
    expect(opened?.files.map(({ contents }) => contents.toString())).toEqual([
      ...names.map((_, index) => `contents of ${index}`),
      "nameless but not empty",
      "",
    ]);
    expect(new Set(opened?.record.files.map(({ entry }) => entry.toLowerCase())).size).toBe(100);
  });
});

describe("a letter that is not taken", () => {
  const TYPED = { message: `${LETTER} <b>&"'</b>`, contact: "Signal" };
  const expectTextKept = (page: string) => {
    expect(page).toContain("Здравствуйте! Помогите, пожалуйста. &lt;b>&amp;");
    expect(page).toContain('value="Signal"');
    expect(page).toContain('enctype="multipart/form-data"');
  };

  it("is refused when it is empty", async () => {
    await start();
    const response = await submit(formOf({ message: "  \n ", contact: "Signal" }));
    expect(response.status).toBe(400);
    const page = await response.text();
    expect(page).toContain("Письмо пустое");
    expect(page).toContain('value="Signal"');
    expect(page).toContain('href="#field-message"');
    await nothingLeft();
  });

  it("is refused when the text is too long, and the text comes back", async () => {
    await start();
    const response = await submit(formOf({ ...TYPED, prisoner: "я".repeat(501) }));
    expect(response.status).toBe(413);
    const page = await response.text();
    expectTextKept(page);
    expect(page).toContain("я".repeat(501));
    expect(page).toContain('id="fault-prisoner"');
    await nothingLeft();
  });

  it.each([
    [199_999, 200],
    [200_000, 200],
    [200_001, 413],
  ])("is judged by its length as a browser counts it: %i characters, %i", async (length, status) => {
    await start();
    expect((await submit(formOf({ message: `${"я".repeat(length - 1)}\r\n` }))).status).toBe(status);
  });

  it.each([
    [MIB - 1, 200],
    [MIB, 200],
    [MIB + 1, 413],
  ])("is judged by the size of its files together: %i bytes, %i", async (size, status) => {
    await start({ config: { maxSubmission: MIB } });
    const files = [new File([new Uint8Array(size - 100)], "a"), new File([new Uint8Array(100)], "b")];
    const response = await submit(formOf(TYPED, files));
    expect(response.status).toBe(status);
    if (status !== 200) {
      const page = await response.text();
      expectTextKept(page);
      expect(page).toContain("1\u00a0МБ");
      await nothingLeft();
    }
  });

  it.each([
    [3, 200],
    [4, 413],
  ])("is judged by the number of its files: %i, %i", async (count, status) => {
    await start({ config: { maxFiles: 3 } });
    const files = Array.from({ length: count }, (_, index) => new File(["x"], `${index}`));
    const response = await submit(formOf(TYPED, files));
    expect(response.status).toBe(status);
    if (status !== 200) {
      expectTextKept(await response.text());
      await nothingLeft();
    }
  });

  it("is read to its end before it is refused, so that the browser shows the answer, with text that came last", async () => {
    await start({ config: { maxSubmission: MIB } });
    const body = multipart(
      part('name="documents"; filename="video.mp4"', Buffer.alloc(3 * MIB), "video/mp4"),
      part('name="message"', TYPED.message),
      part('name="contact"', TYPED.contact),
    );
    const { status, text } = await post(`${portal.url}/ru/submit`, body);
    expect(status).toBe(413);
    expectTextKept(text);
    await nothingLeft();
  });

  it("is cut off when it goes on far beyond any honest size", async () => {
    await start({ config: { maxSubmission: MIB } });
    const socket = await beginPost(`${portal.url}/ru/submit`, { "Transfer-Encoding": "chunked" });
    socket.on("error", () => undefined);
    const block = Buffer.alloc(256 * 1024);
    const chunk = Buffer.concat([Buffer.from(`${block.length.toString(16)}\r\n`), block, Buffer.from("\r\n")]);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    let sent = 0;
    while (!socket.destroyed && sent < 64 * MIB) {
      sent += block.length;
      if (!socket.write(chunk)) await Promise.race([once(socket, "drain").catch(() => undefined), closed]);
    }
    await closed;
    expect(sent).toBeLessThan(64 * MIB);
    await nothingLeft();
  });

  it("is refused with 507 when the disk is nearly full, and the text comes back", async () => {
    await start({ config: { minFree: Number.MAX_SAFE_INTEGER } });
    const response = await submit(formOf(TYPED, [new File(["x"], "a")]));
    expect(response.status).toBe(507);
    expectTextKept(await response.text());
    await nothingLeft();
  });

  it.each([
    ["no_space", 507, "На сервере нет места"],
    ["io", 503, "Сохранить письмо не получилось"],
  ] as const)("is refused when the store says %s, and the text comes back", async (code, status, title) => {
    const failing: UploadStore["put"] = async (ciphertext) => {
      await ciphertext.getReader().read();
      throw new StoreError(code, "as the test wants it");
    };
    await start({ wrapStore: (store) => withPut(store, failing) });
    const response = await submit(formOf(TYPED, [new File(["x"], "a")]));
    expect(response.status).toBe(status);
    const page = await response.text();
    expect(page).toContain(title);
    expectTextKept(page);
    await nothingLeft();
    expect(portal.log).toHaveLength(1);
    expect(portal.log[0]).not.toContain("Signal");
  });

  it.runIf(canMountSmallDisk("a portal on a full disk")).each([
    ["its documents are spooled", "2m", 3],
    ["its ciphertext is written", "4m", 3],
  ])("is refused with 507 when the disk is really full while %s, and the text comes back", async (_when, size, mib) => {
    const disk = await mkdtemp(join(tmpdir(), "postern-disk-"));
    await withSmallDisk(disk, size, async () => {
      await start({ folder: join(disk, "data") });
      // Without a length nobody can foresee that it does not fit.
      const body = multipart(
        part('name="documents"; filename="a.bin"', Buffer.alloc(mib * MIB), "image/jpeg"),
        part('name="message"', TYPED.message),
        part('name="contact"', TYPED.contact),
      );
      const chunked = Buffer.concat([
        Buffer.from(`${body.length.toString(16)}\r\n`),
        body,
        Buffer.from("\r\n0\r\n\r\n"),
      ]);
      const { status, text } = await post(`${portal.url}/ru/submit`, chunked, { "Transfer-Encoding": "chunked" });
      expect(status).toBe(507);
      expectTextKept(text);
      await nothingLeft();
      expect((await submit(formOf({ message: LETTER }))).status).toBe(200);
      await portal.stop();
    });
    await rmdir(disk);
    await start();
  });

  it("is refused with 503 once a recipient's certificate has expired, and never encrypted to it", async () => {
    await start({ lifetime: 24 * 60 * 60, now: () => new Date(Date.now() + 2 * 24 * 60 * 60 * 1000) });
    const response = await submit(formOf(TYPED));
    expect(response.status).toBe(503);
    const page = await response.text();
    expect(page).toContain("Сейчас письмо нельзя надёжно зашифровать");
    expectTextKept(page);
    await nothingLeft();
    expect((await fetch(`${portal.url}/healthz`)).status).toBe(503);
  });

  it("leaves nothing behind when the submitter's line breaks", async () => {
    await start();
    const body = multipart(part('name="documents"; filename="a.bin"', Buffer.alloc(2 * MIB), "image/jpeg"));
    const socket = await beginPost(`${portal.url}/ru/submit`, { "Content-Length": String(body.length) });
    socket.write(body.subarray(0, MIB));
    await eventually(async () => portal.answering() === 1, "the portal has begun to take it");
    socket.destroy();
    await eventually(async () => portal.answering() === 0, "the portal has given it up");
    await nothingLeft();
    expect((await submit(formOf({ message: LETTER }))).status).toBe(200);
  });

  it.each(
    shareOf<readonly [string, string | undefined, Buffer]>(
      [
        ["another content type", "text/plain", Buffer.from("message=hello")],
        ["a form that is not multipart", "application/x-www-form-urlencoded", Buffer.from("message=hello")],
        ["no boundary", "multipart/form-data", multipart(part('name="message"', LETTER))],
        [
          "a body cut off before its last boundary",
          `multipart/form-data; boundary=${BOUNDARY}`,
          part('name="message"', LETTER),
        ],
        ["an unknown field", undefined, multipart(part('name="message"', LETTER), part('name="admin"', "1"))],
        ["a field sent twice", undefined, multipart(part('name="message"', LETTER), part('name="message"', "b"))],
        ["a field with a path for a name", undefined, multipart(part('name="message[a]"', LETTER))],
        ["a prototype's name", undefined, multipart(part('name="message"', LETTER), part('name="__proto__"', "x"))],
        [
          "a document under a text question",
          undefined,
          multipart(part('name="message"; filename="a"', LETTER, "text/plain")),
        ],
        [
          "text under the documents",
          undefined,
          multipart(part('name="message"', LETTER), part('name="documents"', "x")),
        ],
        ["a part without a name", undefined, multipart(part("filename=x", LETTER, "text/plain"))],
        [
          "more fields than any form has",
          undefined,
          multipart(...Array.from({ length: 500 }, (_, index) => part(`name="f${index}"`, "x"))),
        ],
      ],
      2,
    ),
  )("is refused with 400 for %s", async (_what, type, body) => {
    await start();
    const { status } = await post(`${portal.url}/ru/submit`, body, type === undefined ? {} : { "Content-Type": type });
    expect(status).toBe(400);
    await nothingLeft();
  });

  it("is refused with 413 when one field is larger than memory should hold", async () => {
    await start();
    const body = multipart(part('name="contact"', "Signal"), part('name="message"', Buffer.alloc(2 * MIB, 0x61)));
    const { status, text } = await post(`${portal.url}/ru/submit`, body);
    expect(status).toBe(413);
    expect(text).toContain('value="Signal"');
    await nothingLeft();
  });
});

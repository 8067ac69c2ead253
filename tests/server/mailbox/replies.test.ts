import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createReceiptCode,
  createReply,
  type Document,
  deriveReplyAddress,
  formatReceiptCode,
} from "../../../src/core/index.js";
import { encryptReply } from "../../../src/openpgp/index.js";
import { eventually, startTestPortal, type TestPortal } from "../../support/portal.js";

const TEXT = "Здравствуйте!\n<script>alert(1)</script>";

let portal: TestPortal;
beforeAll(async () => {
  portal = await startTestPortal();
});
afterAll(() => portal.stop());

const post = (fields: Readonly<Record<string, string>>, language = "ru", url = portal.url) =>
  fetch(`${url}/${language}/replies`, {
    method: "POST",
    body: new URLSearchParams(fields),
    redirect: "manual",
  });

async function answered(text = TEXT, documents: readonly Document[] = []): Promise<{ code: string; id: string }> {
  const code = createReceiptCode();
  const { mailboxes } = portal.store;
  const { mailbox, key } = await deriveReplyAddress(code, await mailboxes.portalSalt());
  const { id } = await mailboxes.putReply(mailbox, await encryptReply(createReply({ text, documents }).stream, key));
  return { code, id };
}

const documentOf = (name: string, text: string): Document => ({
  name,
  type: "text/html",
  size: Buffer.byteLength(text),
  open: () => new Blob([text]).stream(),
});

describe("replies without JavaScript", () => {
  it.each(["ru", "uk", "en"])("are asked for at a page of their own: %s", async (language) => {
    const page = await (await fetch(`${portal.url}/${language}/replies/plain`)).text();
    expect(page).toContain(`action="/${language}/replies"`);
    expect(page).toContain('name="receipt-code"');
    const front = await (await fetch(`${portal.url}/${language}/replies`)).text();
    expect(front).toContain(`<noscript><meta http-equiv="refresh" content="0;url=/${language}/replies/plain"/>`);
  });

  it.each([
    ["", "Введите номер"],
    ["1234", "меньше двадцати"],
    ["1".repeat(21), "больше двадцати"],
    ["1234 5678 9012 3456 789x", "только цифры"],
    ["1234 5678 9012 3456 7890", "такого номера не бывает"],
  ])("say what is wrong with %j and keep it in the field", async (typed, words) => {
    const response = await post({ "receipt-code": typed });
    const page = await response.text();
    expect(response.status).toBe(400);
    expect(page).toContain(words);
    if (typed !== "") expect(page).toContain(`value="${typed}"`);
  });

  it("are shown as text, never as markup, however the number is typed", async () => {
    const { code } = await answered();
    for (const typed of [code, formatReceiptCode(code), `${code.slice(0, 7)}–${code.slice(7)} `]) {
      const response = await post({ "receipt-code": typed });
      const page = await response.text();
      expect(response.status).toBe(200);
      expect(page).toContain("&lt;script>alert(1)");
      expect(page).not.toContain("<script");
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
  });

  it("are none for a number that nobody has, in the same words as for one that was not answered", async () => {
    const { code, id } = await answered();
    await post({ "receipt-code": code, action: "delete", reply: id });
    const [emptied, unknown] = await Promise.all([
      post({ "receipt-code": code }),
      post({ "receipt-code": "12345678901234567891" }),
    ]);
    const without = async (response: Response | undefined, typed: string) =>
      (await response?.text())?.replaceAll(typed, "");
    expect(await without(emptied, code)).toBe(await without(unknown, "12345678901234567891"));
  });

  it("have documents that are saved and never shown", async () => {
    const { code, id } = await answered("x", [
      documentOf('a"\r\n<b>.html', "<script>"),
      documentOf("справка.txt", "б"),
    ]);
    const response = await post({ "receipt-code": code, action: "save", reply: id, file: "1" });
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename=.*filename\*=UTF-8''02-/);
    expect(await response.text()).toBe("б");
    const hostile = await post({ "receipt-code": code, action: "save", reply: id, file: "0" });
    expect(hostile.headers.get("content-disposition")).not.toMatch(/[<>\r\n]/);
  });

  it.each([
    { action: "save", reply: "0".repeat(32), file: "0" },
    { action: "save", reply: "../../x", file: "0" },
    { action: "save", file: "NaN" },
  ])("lead back to the question for what is not there: %j", async (fields) => {
    const { code } = await answered();
    const response = await post({ "receipt-code": code, ...fields });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/ru/replies/plain"]);
  });

  it("that cannot be opened are said to be so, and can be deleted", async () => {
    const code = createReceiptCode();
    const { mailboxes } = portal.store;
    const { mailbox } = await deriveReplyAddress(code, await mailboxes.portalSalt());
    const { key } = await deriveReplyAddress(createReceiptCode(), await mailboxes.portalSalt());
    const archive = createReply({ text: "x", documents: [] });
    const { id } = await mailboxes.putReply(mailbox, await encryptReply(archive.stream, key));
    expect(await (await post({ "receipt-code": code })).text()).toContain("не открывается");
    const deleted = await (await post({ "receipt-code": code, action: "delete", reply: id })).text();
    expect(deleted).toContain("На сервере этого ответа больше нет");
    expect(await mailboxes.listReplies(mailbox)).toEqual([]);
  });

  it("lead on to the form with the number in it", async () => {
    const { code } = await answered();
    const page = await (await post({ "receipt-code": code, action: "more" }, "uk")).text();
    expect(page).toContain('action="/uk/submit"');
    expect(page).toContain(`value="${formatReceiptCode(code)}"`);
  });

  it("tell to wait who asks too often, and who comes where many wait already; letters are still taken", async () => {
    const [crowded, own] = await Promise.all([startTestPortal(), startTestPortal()]);
    try {
      let refused: Response | undefined;
      // Without a code nothing is looked up. A busy machine may let a crowd come one by one.
      const askInVain = () => post({ "receipt-code": "" }, "ru", crowded.url);
      await eventually(async () => {
        const crowd = await Promise.all(Array.from({ length: 120 }, askInVain));
        refused = crowd.find(({ status }) => status === 429);
        return refused !== undefined;
      }, "some of a crowd must wait");
      expect(refused?.headers.get("retry-after")).toBe("60");
      expect(await refused?.text()).toContain("<h1>Слишком много запросов сразу</h1>");
      await eventually(async () => (await askInVain()).status === 400, "a question is answered again");

      // More than wait for their turn, and fewer than may ask in a second, where nobody has asked before.
      const ask = () => post({ "receipt-code": createReceiptCode() }, "ru", own.url);
      const asking = Array.from({ length: 28 }, ask);
      const form = new FormData();
      form.append("message", "x");
      const letter = fetch(`${own.url}/ru/submit`, { method: "POST", body: form });
      const answers = await Promise.all(asking);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]));
      const busy = answers.find(({ status }) => status === 503);
      expect(busy?.headers.get("retry-after")).toBe("30");
      expect(await busy?.text()).toContain("Подождите минуту");
      expect(refused?.headers.get("content-security-policy")).toBe(busy?.headers.get("content-security-policy"));
      expect((await letter).status).toBe(200);
      expect((await ask()).status).toBe(200);
    } finally {
      await Promise.all([crowded.stop(), own.stop()]);
    }
  });

  it("refuse a body that is far too long", async () => {
    expect((await post({ "receipt-code": "1".repeat(10_000) })).status).toBe(400);
  });
});

describe("a letter with the number of an earlier one", () => {
  const submit = (code: string) => {
    const form = new FormData();
    form.append("message", "x");
    form.append("receipt-code", code);
    return fetch(`${portal.url}/ru/submit`, { method: "POST", body: form });
  };

  it("has the same address as that one and shows no new number", async () => {
    const code = createReceiptCode();
    const page = await (await submit(formatReceiptCode(code))).text();
    expect(page).toContain("Мы добавим это к вашему прежнему письму");
    expect(page).not.toContain('class="receipt-code"');
    const added = (await portal.open()).filter(({ record }) => record.followUp);
    expect(added).toHaveLength(1);
    expect(added[0]?.record.reply).toEqual(await deriveReplyAddress(code, await portal.store.mailboxes.portalSalt()));
  });

  it("is not taken with a number that nobody can have; the letter and what was typed come back", async () => {
    const before = (await portal.stored()).length;
    const response = await submit("1234 5678 9012 3456 7890");
    const page = await response.text();
    expect(response.status).toBe(400);
    expect(page).toContain("В номере ошибка");
    expect(page).toContain('value="1234 5678 9012 3456 7890"');
    expect(page).toContain(">x</textarea>");
    expect(await portal.stored()).toHaveLength(before);
  });

  it("says whether there is a note that the letter was opened, and whether there is an answer", async () => {
    const code = createReceiptCode();
    const { mailboxes } = portal.store;
    const { mailbox, key } = await deriveReplyAddress(code, await mailboxes.portalSalt());
    const put = async (contents: { readonly text: string; readonly opened?: string }) =>
      mailboxes.putReply(mailbox, await encryptReply(createReply({ ...contents, documents: [] }).stream, key));
    const page = async () => (await post({ "receipt-code": code })).text();
    const unopened = await page();
    expect(unopened).toContain("Отметки о том, что письмо открыли, пока нет.");
    await put({ text: "opened 2026-05-17\n", opened: "2026-05-17" });
    const opened = await page();
    expect(opened).toMatch(/17 мая 2026\sг\. наша команда открыла письмо\./);
    expect(opened).toContain("Ответа пока нет");
    expect(opened).not.toContain('class="reply"');
    await put({ text: TEXT });
    const answered = await page();
    expect(answered).toContain("Вам ответили.");
    expect(answered.match(/class="reply"/g)).toHaveLength(1);
  });
});

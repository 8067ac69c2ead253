import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createReceiptCode } from "../../src/core/index.js";
import { PRISONERS, SHORT } from "../support/forms.js";
import { formOf, startTestPortal, type TestPortal } from "../support/portal.js";

const ENOUGH = { prisoner: "Иванов Пётр", relation: "child", request: "lawyer" };
/** The value of one part of the page, as it was rendered. */
const field = (html: string, id: string) =>
  new RegExp(`<(?:input|textarea) id="field-${id}"[^>]*>[^<]*`).exec(html)?.[0];

let portal: TestPortal;
const submit = (form: FormData, language = "ru") =>
  fetch(`${portal.url}/${language}/submit`, { method: "POST", body: form });
const page = async (path: string) => (await fetch(`${portal.url}${path}`)).text();

beforeEach(async () => {
  portal = await startTestPortal({ form: PRISONERS });
});
afterEach(() => portal.stop());

describe("the operator's own questions", () => {
  it.each([
    ["ru", "Рассказать о заключённом", "Кем вам приходится этот человек", "необязательно"],
    ["uk", "Розповісти про ув’язненого", "Ким вам доводиться ця людина", "необов’язково"],
    ["en", "Tell us about a prisoner", "Who this person is to you", "optional"],
  ])("are asked in the page's language: %s", async (language, title, question, optional) => {
    for (const path of ["", "form/alone"]) {
      const html = await page(`/${language}/${path}`);
      expect(html).toContain(`<h1>${title}</h1>`);
      expect(html).toContain(`<title>${title}</title>`);
      expect(html).toContain(question);
      expect(html).toContain(optional);
    }
    expect(await page(`/offline/${language}.html`)).toContain(question);
  });

  it("arrive in submission.json as values and in letter.txt as words", async () => {
    const form = formOf({ ...ENOUGH, born: "1.2.1990", state: "remand", place: "СИЗО-1", message: "Помогите." }, [
      new File(["x"], "приговор.txt"),
    ]);
    form.append("request", "exchange");
    expect((await submit(form)).status).toBe(200);
    const [opened] = await portal.open();
    expect(opened?.record).toMatchObject({
      form: { id: "prisoners", version: 1 },
      answers: {
        prisoner: "Иванов Пётр",
        born: "1990-02-01",
        relation: "child",
        state: "remand",
        place: "СИЗО-1",
        request: ["exchange", "lawyer"],
        message: "Помогите.",
      },
    });
    expect(opened?.letter).toContain("Дата рождения\n1 февраля 1990 г.\n");
    expect(opened?.letter).toContain("Какая помощь нужна\nОбмен\nАдвокат\n");
    expect(opened?.files.map(({ name }) => name)).toEqual(["приговор.txt"]);
  });

  it("come back as they were answered when one is missing, each fault with its question", async () => {
    const form = formOf({
      prisoner: "",
      born: "весной",
      relation: "other",
      state: "home",
      charge: "207.3",
      "receipt-code": "1",
    });
    const response = await submit(form);
    expect(response.status).toBe(400);
    const html = await response.text();
    expect(html).toContain("<h1>Не хватает ответа</h1>");
    const links = [...html.matchAll(/<a href="#field-([^"]+)">([^<]+)<\/a>/g)].map(([, id, label]) => [id, label]);
    expect(links).toEqual([
      ["prisoner", "Имя и фамилия заключённого"],
      ["born", "Дата рождения"],
      ["relation-other", "Кем именно"],
      ["request", "Какая помощь нужна"],
      ["receipt-code", "Номер вашего прежнего письма"],
    ]);
    for (const [id] of links) expect(html).toContain(`id="fault-${id}"`);
    expect(field(html, "born")).toContain('value="весной"');
    expect(field(html, "charge")).toContain('value="207.3"');
    expect(html).toMatch(/<input id="field-relation\.3"[^>]* value="other" checked/);
    expect(html).toMatch(/<input id="field-state\.2"[^>]* value="home" checked/);
    expect(await portal.stored()).toEqual([]);
  });

  it("that depend on another are there without JavaScript, and say when they are meant", async () => {
    const html = await page("/ru/form/alone");
    expect(html).toMatch(/<div class="field" id="question-relation-other"><label/);
    expect(html).toContain("Отвечайте, только если на вопрос «Кем вам приходится этот человек» ваш ответ: «Другое».");
    expect((await submit(formOf({ ...ENOUGH, "relation-other": "всё равно" }))).status).toBe(200);
  });

  it("have nothing that a browser could send by itself where its client encrypts", async () => {
    const html = await page("/ru/");
    // Choices that exclude each other share a name; they belong to no form.
    for (const [tag] of html.matchAll(/<(?:input|textarea)[^>]*>/g)) {
      if (/ name=/.test(tag)) expect(tag).toMatch(/type="radio"[^>]* form="none"|form="none"[^>]*type="radio"/);
    }
    expect(html).not.toContain('id="none"');
  });

  it.each([
    ["a choice that there is not", { relation: "cat" }],
    ["a question that there is not", { message2: "x" }],
  ])("are not answered by %s", async (_what, fields) => {
    expect((await submit(formOf({ ...ENOUGH, ...fields }))).status).toBe(400);
    expect(await portal.stored()).toEqual([]);
  });

  it("cannot fill the memory: text is bounded for all fields together", async () => {
    const form = formOf(ENOUGH);
    for (let index = 0; index < 40; index += 1) form.append("request", "x".repeat(100_000));
    const response = await submit(form);
    expect(response.status).toBe(413);
    expect(await response.text()).toContain("Иванов Пётр");
  });

  it("are not asked again of who adds to an earlier letter: the letter and documents are enough", async () => {
    const code = createReceiptCode();
    const more = new URLSearchParams({ "receipt-code": code, action: "more" });
    const html = await (await fetch(`${portal.url}/ru/replies`, { method: "POST", body: more })).text();
    const names = [...html.slice(html.indexOf("<body")).matchAll(/ name="([\w-]+)"/g)].map(([, name]) => name);
    expect(names).toEqual(["message", "documents", "receipt-code"]);
    expect((await submit(formOf({ message: "Ещё одно", "receipt-code": code }))).status).toBe(200);
    expect((await portal.open())[0]?.record).toMatchObject({ followUp: true, answers: { message: "Ещё одно" } });
    expect((await submit(formOf({ message: "", "receipt-code": code }))).status).toBe(400);
    expect((await submit(formOf({ message: "Ещё одно", "receipt-code": "1" }))).status).toBe(400);
    expect((await submit(formOf({ message: "Ещё одно" }))).status).toBe(400);
  });

  it("may be only a few", async () => {
    await portal.stop();
    portal = await startTestPortal({ form: SHORT });
    expect(await page("/uk/")).toContain("Дайте відповідь на всі запитання, крім тих, де написано «необов’язково».");
    expect((await submit(formOf({ message: "" }), "uk")).status).toBe(400);
    expect((await submit(formOf({ message: "Добрий день" }), "uk")).status).toBe(200);
    expect((await portal.open())[0]?.record.form).toEqual({ id: "short", version: 1 });
  });
});

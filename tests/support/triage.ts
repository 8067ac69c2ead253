import type { Page } from "puppeteer-core";
import { poll } from "./browsers.js";

/** What staff wrote of a case, as the test expects it on the disk. */
export interface Expected {
  readonly status: string;
  readonly assignee: string;
  readonly due: string;
  readonly tags: readonly string[];
  readonly spam: boolean;
  /** 32 hex digits; empty for none. */
  readonly duplicateOf: string;
}

const NOTHING: Expected = { status: "new", assignee: "", due: "", tags: [], spam: false, duplicateOf: "" };
const DIGITS = [2, 3, 4, 5] as const;
const SPAM = "#write-all button[aria-pressed]";
const STATUSES = ["new", "reading", "waiting", "answered", "closed"];

/** Somebody at the workbench: filters, goes through the cases by keys, writes of many at once, and takes steps back. */
export class Triage {
  readonly #expected = new Map<string, Expected>();
  /** Steps that were saved. */
  steps = 0;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  of(id: string): Expected {
    return this.#expected.get(id) ?? NOTHING;
  }

  async signIn(name: string): Promise<void> {
    await this.#page.focus("#who");
    await this.#page.keyboard.type(name);
    await this.leave();
  }

  /** Cases that the list shows, in its order. */
  shown(): Promise<string[]> {
    return this.#page.$$eval(".case-row", (all) => all.map((each) => each.getAttribute("data-case") ?? ""));
  }

  async filter(field: string, value: string): Promise<void> {
    await this.#page.select(`#${field}`, value);
  }

  /** Has all cases shown that the filter finds. */
  async showAll(): Promise<void> {
    while ((await this.#page.$("#results + button:not([hidden])")) !== null) await this.showMore();
  }

  async showMore(): Promise<void> {
    const before = (await this.shown()).length;
    await this.#page.focus("#results + button");
    await this.#page.keyboard.press("Enter");
    await poll("more cases", async () => ((await this.shown()).length > before ? true : null));
    await this.leave();
  }

  /** Goes to the next case, and sets its status by a digit. */
  async setNext(digit: 1 | 2 | 3 | 4 | 5): Promise<string> {
    const id = await this.next();
    await this.#saved(() => this.#page.keyboard.press(`${digit}`));
    this.#note([id], { status: STATUSES[digit - 1] ?? "" });
    return id;
  }

  async next(): Promise<string> {
    await this.#page.keyboard.press("j");
    return this.#page.evaluate(
      () => document.activeElement?.closest(".case-row")?.getAttribute("data-case") ?? "nothing",
    );
  }

  /** Selects the next case by its key. */
  async chooseNext(): Promise<string> {
    const id = await this.next();
    await this.#page.keyboard.press("x");
    await poll("the fields", () => this.#page.$("#write-all:not([hidden])"));
    return id;
  }

  /** Selects all that are shown, by the button for it. */
  async chooseAll(): Promise<readonly string[]> {
    const ids = await this.shown();
    await this.#page.focus("#choose-all");
    await this.#page.keyboard.press("Enter");
    if ((await this.#page.$("#write-all[open]")) === null) {
      await this.#page.focus("#write-all > summary");
      await this.#page.keyboard.press("Enter");
    }
    await poll("the fields", () => this.#page.$("#write-all[open]"));
    return ids;
  }

  /** Selects a case by its box. */
  async chooseOnly(id: string): Promise<void> {
    await this.#page.focus(`[data-case="${id}"] .choose`);
    await this.#page.keyboard.press(" ");
    await poll("the fields", () => this.#page.$("#write-all:not([hidden])"));
  }

  async chooseNone(): Promise<void> {
    await this.#page.focus("#choose-none");
    await this.#page.keyboard.press("Enter");
    await this.leave();
  }

  /** Writes into a field of all selected. */
  async write(field: "assignee" | "tag" | "duplicate", text: string, ids: readonly string[], some: Partial<Expected>) {
    await this.#page.focus(`#write-all input[id$="-${field}"]`);
    await this.#saved(async () => {
      await this.#page.keyboard.type(text);
      await this.#page.keyboard.press("Tab");
    });
    this.#note(ids, some);
  }

  async setDue(day: string, ids: readonly string[]): Promise<void> {
    // Each browser has keys of its own for a date.
    await this.#saved(() =>
      this.#page.$eval(
        '#write-all input[id$="-due"]',
        (field, value) => {
          (field as HTMLInputElement).value = value;
          field.dispatchEvent(new Event("change"));
        },
        day,
      ),
    );
    this.#note(ids, { due: day });
  }

  async press(button: string, ids: readonly string[], some: Partial<Expected>): Promise<void> {
    await this.#page.focus(button);
    await this.#saved(() => this.#page.keyboard.press("Enter"));
    this.#note(ids, some);
  }

  /** Takes back the last step, after which cases are as `before`. */
  async undo(before: ReadonlyMap<string, Expected>): Promise<void> {
    await this.leave();
    await this.#saved(() => this.#page.keyboard.press("u"));
    for (const [id, each] of before) this.#expected.set(id, each);
  }

  async leave(): Promise<void> {
    await this.#page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  }

  /** Acts, and waits until the page says that the step is on the disk. */
  async #saved(act: () => Promise<unknown>): Promise<void> {
    await this.#page.$eval(".told-saved", (each) => {
      each.textContent = "";
    });
    await act();
    await this.#page.waitForFunction(() => document.querySelector(".told-saved")?.textContent !== "", {
      polling: "mutation",
      timeout: 60_000,
    });
    const said = await this.#page.$eval(".told-saved", (each) => [each.className, each.textContent ?? ""]);
    if (said[0]?.includes("fault")) throw new Error(`the page says ${said[1]}`);
    this.steps += 1;
  }

  #note(ids: readonly string[], some: Partial<Expected>): void {
    for (const id of ids) this.#expected.set(id, { ...this.of(id), ...some });
  }
}

/**
 * A day's triage of all cases: statuses one by one, then all of a language at once, then single ones.
 * @param oneByOne how many cases get their status by `j` and a digit
 */
export async function triageAll(triage: Triage, oneByOne: number): Promise<void> {
  await triage.showAll();
  for (let at = 0; at < oneByOne; at += 1) await triage.setNext(DIGITS[at % DIGITS.length] ?? 2);
  for (const [language, name, day] of [
    ["uk", "Оксана", "2026-12-10"],
    ["ru", "Вера", "2026-12-20"],
  ] as const) {
    await triage.filter("language", language);
    await triage.showAll();
    const ids = await triage.chooseAll();
    await triage.write("assignee", name, ids, { assignee: name });
    await triage.setDue(day, ids);
    await triage.write("tag", `#${language}`, ids, { tags: [`#${language}`] });
    await triage.chooseNone();
  }
  await triage.filter("language", "");
  const [first = "", second = ""] = [await triage.chooseNext(), await triage.chooseNext()];
  const before = new Map([first, second].map((id) => [id, triage.of(id)]));
  await triage.press(SPAM, [first, second], { spam: true });
  await triage.undo(before);
  await triage.press(SPAM, [first, second], { spam: true });
  await triage.chooseNone();
  const third = (await triage.shown())[5] ?? "";
  await triage.chooseOnly(third);
  await triage.write("duplicate", first.slice(0, 8), [third], { duplicateOf: first });
  await triage.chooseNone();
}

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ElementHandle, Page } from "puppeteer-core";
import { poll, press } from "./browsers.js";

/** The front page with its client, as a person uses it. */
export class FormPageDriver {
  readonly page: Page;
  /** How often the browser has asked whether to leave the page; the answer was yes. */
  questions = 0;
  readonly #folder: string;

  /** @param folder where files to attach are made */
  constructor(page: Page, folder: string) {
    this.page = page;
    page.on("dialog", (dialog) => {
      if (dialog.type() === "beforeunload") this.questions += 1;
      dialog.accept().catch(() => undefined);
    });
    this.#folder = folder;
  }

  /** Opens the form and waits until its client says that it can encrypt. */
  async visit(url: string, language = "ru"): Promise<void> {
    await this.page.goto(`${url}/${language}/`);
    await this.untilSendable();
  }

  async untilSendable(): Promise<void> {
    await poll("the button to be on", () => this.page.$("#send:not(:disabled)"));
  }

  async write(question: string, text: string): Promise<void> {
    await this.reveal(`#field-${question}`);
    await this.page.focus(`#field-${question}`);
    await this.page.keyboard.type(text);
  }

  /** Opens the part of the form that an element is in. */
  async reveal(selector: string): Promise<void> {
    await this.page.$eval(selector, (element) => element.closest("details")?.setAttribute("open", ""));
  }

  /** Chooses by the words beside it. */
  async choose(question: string, label: string): Promise<void> {
    const inputs = await this.page.$$(`#question-${question} .choice input`);
    if (inputs.length > 0) await this.reveal(`#question-${question}`);
    for (const input of inputs) {
      const words = await input.evaluate((element) => element.closest("label")?.innerText.trim());
      if (words !== label) continue;
      await input.focus();
      await this.page.keyboard.press(" ");
      return;
    }
    throw new Error(`the question ${question} has no choice ${label}`);
  }

  async attach(...files: readonly { readonly name: string; readonly contents: Uint8Array }[]): Promise<void> {
    const paths: string[] = [];
    for (const { name, contents } of files) {
      const path = join(this.#folder, name);
      await writeFile(path, contents);
      paths.push(path);
    }
    const input = (await this.page.$("#field-documents")) as ElementHandle<HTMLInputElement> | null;
    await input?.uploadFile(...paths);
  }

  /** Presses a button or link by keyboard. */
  async press(selector: string): Promise<void> {
    await press(this.page, selector);
  }

  async text(selector = "main"): Promise<string> {
    return this.page.$eval(selector, (element) => (element as HTMLElement).innerText);
  }

  async untilText(selector: string, words: string): Promise<void> {
    let said = "";
    const isSaid = async () => {
      said = await this.text(selector);
      return said.includes(words) ? true : null;
    };
    await poll(`"${words}" in ${selector}`, isSaid).catch((cause: unknown) => {
      throw new Error(`${selector} says "${said}", and not "${words}"`, { cause });
    });
  }

  async untilStored(): Promise<void> {
    await this.untilText("h1", "Письмо у нас");
  }
}

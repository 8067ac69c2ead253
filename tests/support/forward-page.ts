import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ElementHandle, Page } from "puppeteer-core";
import { poll, press } from "./browsers.js";

/** The page for files that are encrypted already, as a person uses it. */
export class ForwardPageDriver {
  readonly #page: Page;
  readonly #folder: string;

  /** @param folder where files to choose are made */
  constructor(page: Page, folder: string) {
    this.#page = page;
    this.#folder = folder;
  }

  /** Opens the page and waits until its client is there. */
  async visit(url: string, language = "ru"): Promise<void> {
    await this.#page.goto(`${url}/${language}/encrypted`);
    await this.untilReady();
  }

  async untilReady(): Promise<void> {
    await poll("the client", () =>
      this.#page.evaluate(() => ("postern" in window && document.querySelector("#send:not(:disabled)") ? true : null)),
    );
  }

  async choose(name: string, contents: string | Uint8Array): Promise<void> {
    const path = join(this.#folder, name);
    await writeFile(path, contents);
    const field = (await this.#page.$("#field-file")) as ElementHandle<HTMLInputElement> | null;
    await field?.uploadFile(path);
  }

  async send(name: string, contents: string | Uint8Array): Promise<void> {
    await this.choose(name, contents);
    await press(this.#page, "#send");
  }

  /** What the refusal says. */
  async refusal(): Promise<string> {
    const alert = await poll("a refusal", () => this.#page.$("[role=alert]"));
    return alert.evaluate((element) => (element as HTMLElement).innerText);
  }

  /** What the receipt says. */
  async receipt(waitMs = 120_000): Promise<string> {
    const words = () => this.#page.$eval("main", (main) => (main as HTMLElement).innerText);
    return poll("the receipt", async () => ((await this.#page.$("#field-file")) === null ? words() : null), waitMs);
  }
}

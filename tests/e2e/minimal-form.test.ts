import type { Frame, Page } from "puppeteer-core";
import { describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, BROWSERS_WITHOUT_JAVASCRIPT, frameWith, isInstalled, OVER_BUCKET } from "../support/browsers.js";
import { inTurn } from "../support/length.js";

const SCREEN = { width: 360, height: 740 };
const MAX_WORDS_BEFORE_THE_LETTER = 40;
const MAX_SCREENS = 3;
/** Enough of the field to see that a letter goes there, and its first lines. */
const LETTER_IN_SIGHT = 120;
const FIELD = "#field-message";

interface Measured {
  readonly words: readonly string[];
  readonly letterTop: number;
  readonly sendBottom: number;
  /** Of the page's own window, which may be a frame. */
  readonly windowHeight: number;
  readonly overflow: number;
}

/** What a submitter sees before the letter's field, and where that field and the button are. */
function measure(frame: Page | Frame): Promise<Measured> {
  return frame.evaluate((field) => {
    const letter = document.querySelector(field);
    const send = document.querySelector("#send");
    const main = document.querySelector("main");
    if (letter === null || send === null || main === null) throw new Error("there is no form");
    const visible: string[] = [];
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (letter.compareDocumentPosition(node) !== Node.DOCUMENT_POSITION_PRECEDING) continue;
      // Browsers lay out what is closed all the same.
      const closed =
        node.parentElement?.closest("summary") === null && node.parentElement.closest("details:not([open])");
      if (!closed) visible.push(node.textContent ?? "");
    }
    return {
      words: visible.join(" ").match(/[\p{L}\p{N}][\p{L}\p{N}’'-]*/gu) ?? [],
      letterTop: letter.getBoundingClientRect().top + scrollY,
      sendBottom: send.getBoundingClientRect().bottom + scrollY,
      windowHeight: innerHeight,
      overflow: document.documentElement.scrollWidth - innerWidth,
    };
  }, FIELD);
}

function expectMinimal({ words, letterTop, sendBottom, windowHeight, overflow }: Measured): void {
  const above = SCREEN.height - windowHeight;
  expect(words.length, words.join(" ")).toBeLessThanOrEqual(MAX_WORDS_BEFORE_THE_LETTER);
  expect(above + letterTop + LETTER_IN_SIGHT).toBeLessThanOrEqual(SCREEN.height);
  expect(above + sendBottom).toBeLessThanOrEqual(MAX_SCREENS * SCREEN.height);
  expect(overflow).toBeLessThanOrEqual(0);
}

const LANGUAGES = ["ru", "uk", "en"];

for (const kind of (OVER_BUCKET ? [] : inTurn(BROWSERS, 0)).filter(isInstalled)) {
  describe(`${kind.name}: the form on a phone`, () => {
    const session = browserSession(kind);

    it.each(LANGUAGES)(
      "is a title, a promise and the letter's field, and can be sent after three screens: %s",
      async (language) => {
        const portal = await session.startPortal();
        await session.page.setViewport(SCREEN);
        await session.form.visit(portal.url, language);
        expectMinimal(await measure(session.page));
      },
    );

    it("asks for letter and documents; everything else is behind a line", async () => {
      const portal = await session.startPortal();
      await session.form.visit(portal.url);
      const visible = () =>
        session.page.$$eval("#form .field", (fields) =>
          fields.filter((field) => field.closest("details:not([open])") === null).map(({ id }) => id),
        );
      expect(await visible()).toEqual(["question-message", "question-documents"]);
      await session.form.press("#more > summary");
      expect((await visible()).length).toBe(10);
    });
  });
}

for (const kind of (OVER_BUCKET ? [] : inTurn(BROWSERS_WITHOUT_JAVASCRIPT, 1)).filter(isInstalled)) {
  describe(`${kind.name} without JavaScript: the form on a phone`, () => {
    const session = browserSession(kind);

    it.each(inTurn(LANGUAGES, 1))("is as short in its frame and alone: %s", async (language) => {
      const portal = await session.startPortal();
      await session.page.setViewport(SCREEN);
      await session.page.goto(`${portal.url}/${language}/`);
      const { frame } = await frameWith(session.page, /\/form\//, FIELD);
      expectMinimal(await measure(frame));
      await session.page.goto(`${portal.url}/${language}/form/alone`);
      expectMinimal(await measure(session.page));
    });
  });
}

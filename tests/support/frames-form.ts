import type { Frame, Page } from "puppeteer-core";
import { frameWith } from "./browsers.js";

/** Writes and sends `letter` by the form in its frames, without JavaScript. Returns the frame of the receipt. */
export async function sendInFrames(page: Page, url: string, letter: string): Promise<Frame> {
  await page.goto(`${url}/ru/`);
  const message = await frameWith(page, /\/form\//, "textarea[name=message]");
  await message.element.focus();
  await page.keyboard.type(letter);
  const { element } = await frameWith(page, /\/form\//, "#send");
  await element.focus();
  await page.keyboard.press("Enter");
  return (await frameWith(page, /\/submit/, ".receipt-code")).frame;
}

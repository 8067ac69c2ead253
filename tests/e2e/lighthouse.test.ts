import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BROWSERS, isInstalled } from "../support/browsers.js";
import { inTurn } from "../support/length.js";
import { marksOf } from "../support/lighthouse.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";

const HIGHEST = { value: 100, wrong: [] };
const [kind] = BROWSERS.filter(({ name }) => name === "Chromium");

// Its mark for speed is measured by npm run bench, on a machine that does nothing else.
describe.runIf(kind !== undefined && isInstalled(kind))("Lighthouse, as a telephone sees it", () => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await startTestPortal();
  });
  afterAll(() => portal.stop());

  it.each(inTurn(["ru", "uk", "en"], 1))(
    "gives the form the highest marks that do not depend on the machine: %s",
    async (language) => {
      if (kind === undefined) return;
      expect(await marksOf(kind, `${portal.url}/${language}/`, "accessibility", "best-practices")).toEqual({
        accessibility: HIGHEST,
        "best-practices": HIGHEST,
      });
    },
  );
});

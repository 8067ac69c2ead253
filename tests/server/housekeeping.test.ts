import { expect, it } from "vitest";
import { poll } from "../support/browsers.js";
import { startTestPortal } from "../support/portal.js";

const lines = (log: readonly string[]) => log.map((line) => String(JSON.parse(line).msg));

it("logs that there is no room for submissions, once, and no more than that", async () => {
  const portal = await startTestPortal({ config: { minFree: Number.MAX_SAFE_INTEGER } });
  try {
    await poll("the line", async () => (portal.log.length > 0 ? true : null));
    expect(lines(portal.log)).toEqual(["the store is out of space: submissions are refused"]);
  } finally {
    await portal.stop();
  }
});

import { describe, expect, it } from "vitest";
import { ADVICE, adviceFor } from "../../src/cli/advice.js";

describe("the advice for a refusal", () => {
  // The type of the table makes a code without advice an error of compilation.
  it.each(Object.entries(ADVICE))("is there for %s: %s", (code, advice) => {
    expect(code).toMatch(/^[a-z_]+$/);
    expect(advice).toMatch(/^[a-z].{15,}[^.]$/);
  });

  it("never leads to a weaker way", () => {
    for (const advice of Object.values(ADVICE)) expect(advice).not.toMatch(/ignore|unencrypted copy|--force|online/);
  });

  it("is said once for each code, and not at all for a code of something else", () => {
    expect(adviceFor(["truncated", "truncated", "x", "constructor"])).toBe(
      `what to do:\n  truncated: ${ADVICE.truncated}\n`,
    );
    expect(adviceFor(["x"])).toBe("");
  });
});

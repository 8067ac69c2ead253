import { describe, expect, it } from "vitest";
import { createLog } from "../../src/http/index.js";

function logged(use: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  use(createLog({ write: (line: string) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("the operator's log", () => {
  it("records the day, never the time, host or process", () => {
    const [line] = logged(({ info }) => info("hello"));
    expect(line).toEqual({ level: 30, day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), msg: "hello" });
  });

  it("records once when a part starts to fail, when its code changes, and when it works again", () => {
    const lines = logged(({ failing, mended }) => {
      mended("storing");
      for (let request = 0; request < 5; request += 1) failing("storing", "no_space", new Error("x"));
      failing("storing", "io", new Error("x"));
      mended("storing");
      mended("storing");
    });
    expect(lines.map(({ msg, code }) => [msg, code])).toEqual([
      ["storing is failing", "no_space"],
      ["storing is failing", "io"],
      ["storing works again", undefined],
    ]);
  });

  it("records where an error arose, never its message", () => {
    const secret = "канарейка\n    at somewhere (secret)";
    const error = new TypeError(secret, { cause: Object.assign(new Error(secret), { code: "EIO" }) });
    const [line] = logged(({ failing }) => failing("answering", "internal", error));
    expect(line?.cause).toEqual([
      expect.stringMatching(/^TypeError at .*log\.test\.ts/),
      expect.stringMatching(/^Error EIO at .*log\.test\.ts/),
    ]);
    expect(JSON.stringify(line)).not.toMatch(/канарейка|secret/);
  });
});

import { describe, expect, it } from "vitest";
import { groupCases, type Opened, readRecord } from "../../src/cases/index.js";

const KEY = "k".repeat(51);
const OTHER_KEY = "l".repeat(51);

function opened(caseId: string, more: Record<string, unknown> = {}, day = "2026-11-20"): Opened {
  const record = { format: "postern-submission", version: 1, case: caseId.padEnd(32, "0"), ...more };
  const read = readRecord(new TextEncoder().encode(JSON.stringify(record)));
  return { record: read, layout: "form", letter: caseId, documents: [], day };
}

/** As the desk makes it of what a person encrypted with a program of their own. */
function foreign(caseId: string): Opened {
  const { record, ...rest } = opened(caseId);
  return { ...rest, record: { ...record, foreign: { signers: [], leftOut: [] } } };
}

const reply = (mailbox: string, key = KEY) => ({ mailbox: mailbox.repeat(32), key: `${key}a` });

describe("grouped cases", () => {
  it("come with the newest day first", () => {
    const days = [opened("a", {}, "2026-11-01"), opened("b", {}, "2026-11-03"), opened("c", {}, "2026-11-02")];
    expect(groupCases(days).map(({ one }) => one.letter)).toEqual(["b", "c", "a"]);
  });

  it("hold their follow-ups, whichever was opened first", () => {
    const [first, added] = [opened("a", { reply: reply("a") }), opened("b", { reply: reply("a"), followUp: true })];
    for (const order of [
      [first, added],
      [added, first],
    ]) {
      const [only, ...rest] = groupCases(order);
      expect(rest).toEqual([]);
      expect(only?.one).toMatchObject({ folder: "submission-a0000000", answerable: true, letter: "a" });
      expect(only?.one.followUps).toMatchObject([{ folder: "submission-a0000000/follow-up-b0000000", letter: "b" }]);
      expect([...(only?.from.values() ?? [])]).toEqual([first, added]);
    }
  });

  it("need mailbox and key for a follow-up: the mailbox alone leads to nobody's case", () => {
    const cases = groupCases([
      opened("a", { reply: reply("a") }),
      opened("b", { reply: reply("a", OTHER_KEY), followUp: true }),
    ]);
    expect(cases.map(({ one }) => one.followUps)).toEqual([[], []]);
  });

  it("include a follow-up alone when its first submission is missing", () => {
    const [only] = groupCases([opened("b", { reply: reply("a"), followUp: true })]);
    expect(only?.one).toMatchObject({ folder: "submission-b0000000", followUps: [] });
  });

  it("hold what was encrypted in the mail that they are, whichever was opened first", () => {
    const mail = opened("a", { encrypted: "mail", mail: { from: "m@example.com", encrypted: ["b".padEnd(32, "0")] } });
    const part = foreign("b");
    for (const order of [
      [mail, part],
      [part, mail],
    ]) {
      const [only, ...rest] = groupCases(order);
      expect(rest).toEqual([]);
      expect(only?.one).toMatchObject({ folder: "submission-a0000000", encrypted: "mail" });
      expect(only?.one.followUps).toMatchObject([
        { folder: "submission-a0000000/encrypted-b0000000", letter: "b", foreign: { signers: [] } },
      ]);
    }
  });

  it("keep all that a record names as its own without right: what a form made, and what is in a follow-up", () => {
    const claim = { encrypted: "mail", mail: { encrypted: ["b".padEnd(32, "0"), "x", 1] } };
    expect(groupCases([opened("a", claim), opened("b")])).toHaveLength(2);
    const followUp = opened("a", { ...claim, reply: reply("a"), followUp: true });
    expect(groupCases([followUp, foreign("b")])).toHaveLength(2);
    expect(groupCases([opened("c", { reply: reply("a") }), followUp, foreign("b")])).toHaveLength(2);
  });

  it("with the same eight digits get different folders", () => {
    const folders = groupCases([opened("a"), opened("a"), opened("a")]).map(({ one }) => one.folder);
    expect(folders).toEqual(["submission-a0000000", "submission-a0000000-2", "submission-a0000000-3"]);
  });
});

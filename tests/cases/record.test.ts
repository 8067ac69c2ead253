import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSubmissionFile, readRecord, submissionIdOf } from "../../src/cases/index.js";
import { ArchiveError } from "../../src/core/index.js";
import { seeded } from "../support/seed.js";

const CASE = "a".repeat(32);
const read = (value: unknown) => readRecord(new TextEncoder().encode(JSON.stringify(value)));

describe("submission.json", () => {
  const least = { format: "postern-submission", version: 1, case: CASE };

  it("needs no more than its format and its case", () => {
    expect(read(least)).toEqual({
      caseId: CASE,
      address: null,
      followUp: false,
      language: "",
      encrypted: "",
      answers: {},
      names: new Map(),
    });
  });

  it.each([
    { ...least, format: "other" },
    { ...least, version: 2 },
    { ...least, case: "A".repeat(32) },
    { ...least, case: "../../etc" },
    null,
    [],
    "x",
  ])("is refused: %j", (value) => {
    expect(() => read(value)).toThrow(ArchiveError);
  });

  it.each([
    ["a reply that is no address", { reply: { mailbox: "../x", key: 1 } }],
    ["a follow-up without an address", { followUp: true }],
    ["choices of another shape", { choices: { help: 7 } }],
    ["answers of another shape", { answers: [1, { help: 7 }] }],
    ["files of another shape", { files: [1, { entry: 2 }] }],
    ["a malformed language", { language: { $gt: "" } }],
  ])("is read all the same with %s", (_what, more) => {
    expect(read({ ...least, ...more })).toMatchObject({ caseId: CASE, address: null, followUp: false, language: "" });
  });

  it("keeps only well-formed choices and names", () => {
    const whole = { question: "What do you need?", chosen: [{ label: "Asylum" }, { label: "A lawyer" }] };
    const choices = {
      help: whole,
      none: { ...whole, question: 1 },
      some: { ...whole, chosen: [{ label: "Asylum" }, { label: null }] },
      more: { ...whole, chosen: "Asylum" },
      less: null,
    };
    const names = [{ entry: "files/01-a.pdf", name: "a.pdf" }, { entry: "files/02-b" }, null, { entry: 3, name: "c" }];
    expect(read({ ...least, choices, files: names })).toMatchObject({
      answers: { help: { question: "What do you need?", text: "", chosen: ["Asylum", "A lawyer"] } },
      names: new Map([["files/01-a.pdf", "a.pdf"]]),
    });
  });

  it("drops a choice whose name would change the prototype of a copy", () => {
    const members = `"choices":{"__proto__":{"question":"x","chosen":[]}},"answers":{"__proto__":"x"}`;
    const text = `{"format":"postern-submission","version":1,"case":"${CASE}",${members}}`;
    expect(Object.getOwnPropertyNames(readRecord(new TextEncoder().encode(text)).answers)).toEqual([]);
  });

  it("ignores members that a record inherits from its prototype", () => {
    // As text: in a literal, this name sets the prototype, and nothing of it gets into JSON.
    const inherited = `{"language":"ru","encrypted":"browser"}`;
    const text = `{"format":"postern-submission","version":1,"case":"${CASE}","__proto__":${inherited}}`;
    expect(readRecord(new TextEncoder().encode(text))).toMatchObject({
      language: "",
      encrypted: "",
    });
  });

  it("is either read or refused with an ArchiveError", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.json().map((more) => `{"a":${more}}`),
          fc.string(),
        ),
        (text) => {
          try {
            readRecord(new TextEncoder().encode(text));
          } catch (cause) {
            expect(cause).toBeInstanceOf(ArchiveError);
          }
        },
      ),
      seeded(500),
    );
  });
});

describe("the name of a file", () => {
  it.each([
    [`${CASE}.tar.gpg`, true, CASE],
    ["appeal.tar.gpg", true, null],
    ["appeal.gpg", true, null],
    [`${CASE}.tar.gpg.part`, false, null],
    [`${"b".repeat(32)}-1.reply.gpg`, false, null],
    ["MANIFEST.txt", false, null],
    ["", false, null],
  ])("%j: a submission %s, with the id %s", (name, taken, id) => {
    expect([isSubmissionFile(name), submissionIdOf(name)]).toEqual([taken, id]);
  });
});

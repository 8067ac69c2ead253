import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { summarise } from "../../src/cases/index.js";
import { ArchiveError, createSubmission, type Document } from "../../src/core/index.js";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
const PROGRAM = new Uint8Array([0x4d, 0x5a, 0x90, 0x00, 0x03, 0x00, 0x00, 0x00, 0x04, 0x00]);

function document(name: string, contents: Uint8Array<ArrayBuffer>): Document {
  return { name, type: "image/png", size: contents.length, open: () => new Blob([contents]).stream() };
}

function archive(letter: string, documents: readonly Document[]) {
  return createSubmission({
    caseId: "1".repeat(32),
    form: { id: "default", version: 1 },
    language: "uk",
    answers: {},
    letter,
    documents,
    encryptedBy: "browser",
  }).stream;
}

describe("the summary of a submission", () => {
  it("has the letter, and the name, size and kind of each document", async () => {
    const large = new Uint8Array(700_000);
    const summary = await summarise(
      archive("Лист\n", [document("a/b.png", PNG), document("фото.png", PROGRAM), document("великий", large)]),
    );
    expect(summary.letter).toBe("Лист\n");
    expect(summary.record.language).toBe("uk");
    expect(summary.documents).toMatchObject([
      { name: "a/b.png", bytes: 16, type: "image/png", picture: true, warnings: [] },
      { name: "фото.png", type: "application/x-msdownload", picture: false, warnings: ["program", "mismatch"] },
      {
        name: "великий",
        bytes: 700_000,
        sha256: createHash("sha256").update(large).digest("hex"),
        type: null,
        picture: false,
        warnings: [],
      },
    ]);
    expect(summary.documents.map(({ path }) => path.slice(0, 9))).toEqual(["files/01-", "files/02-", "files/03-"]);
  });

  it("resolves only for a whole archive, never for a truncated one", async () => {
    const bytes = new Uint8Array(await new Response(archive("Лист\n", [document("x.png", PNG)])).arrayBuffer());
    for (const length of [0, 100, 512, 1_024, 2_000, 3_000]) {
      await expect(summarise(new Blob([bytes.slice(0, length)]).stream())).rejects.toThrow(ArchiveError);
    }
  });

  it("rejects with the error of the stream", async () => {
    const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("tampered")) });
    await expect(summarise(broken)).rejects.toThrow("tampered");
  });
});

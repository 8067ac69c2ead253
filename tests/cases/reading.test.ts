import { describe, expect, it } from "vitest";
import { engineOf, type Warning } from "../../src/cases/index.js";

const document = (type: string | null, picture = false, ...warnings: Warning[]) => ({ type, picture, warnings });

describe("what can show a document", () => {
  it("is told by its content", () => {
    expect(engineOf(document("image/png", true))).toBe("picture");
    expect(engineOf(document("application/pdf"))).toBe("pdf");
    for (const type of ["image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"]) {
      expect(engineOf(document(type))).toBe("heif");
    }
  });

  it.each([
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.oasis.opendocument.text",
    "image/svg+xml",
    "image/heicx",
    "text/html",
    "video/mp4",
    null,
  ])("is nothing for %s", (type) => {
    expect(engineOf(document(type))).toBeNull();
  });

  it("is nothing for what its name and its content disagree about", () => {
    expect(engineOf(document("application/pdf", false, "mismatch"))).toBeNull();
    expect(engineOf(document("image/png", true, "program"))).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import { servedEngine } from "../../src/reading/index.js";

describe("the engine of a workbench", () => {
  it("is at an address of its own", async () => {
    expect(await servedEngine(["picture", "pdf"])("pdf")).toBe("/reading/pdf.js");
  });

  it("is missing where the server has none: the server's package holds nothing that draws documents", async () => {
    await expect(servedEngine(["picture"])("pdf")).rejects.toMatchObject({ code: "missing" });
  });
});

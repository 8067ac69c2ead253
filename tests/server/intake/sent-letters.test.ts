import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type KeptLetter, SentLetters } from "../../../src/server/intake/sent-letters.js";
import { formOf, startTestPortal, type TestPortal } from "../../support/portal.js";

const TOKEN = "0123456789abcdef0123456789abcdef";
const OTHER = "f".repeat(32);
const RECEIPT: KeptLetter = { code: "12345678901234567890", documents: 2 };

describe("a letter that its page has sent already", () => {
  afterEach(() => vi.useRealTimers());

  it("has the receipt that it had", async () => {
    const letters = new SentLetters();
    letters.remember(TOKEN, "contents", Promise.resolve(RECEIPT));
    expect(await letters.repeated(TOKEN, "contents")).toEqual(RECEIPT);
    expect(await letters.repeated(TOKEN, "contents")).toEqual(RECEIPT);
  });

  it("waits for the receipt of the first one, which is still being stored", async () => {
    const letters = new SentLetters();
    let finish: (kept: KeptLetter) => void = () => undefined;
    letters.remember(TOKEN, "contents", new Promise((resolve) => (finish = resolve)));
    const repeated = letters.repeated(TOKEN, "contents");
    finish(RECEIPT);
    expect(await repeated).toEqual(RECEIPT);
  });

  it("is another one with other contents, or from another page", async () => {
    const letters = new SentLetters();
    letters.remember(TOKEN, "contents", Promise.resolve(RECEIPT));
    expect(await letters.repeated(TOKEN, "contents and more")).toBeNull();
    expect(await letters.repeated(OTHER, "contents")).toBeNull();
  });

  it("is another one if the first was refused, or failed", async () => {
    const letters = new SentLetters();
    letters.remember(TOKEN, "contents", Promise.resolve(null));
    expect(await letters.repeated(TOKEN, "contents")).toBeNull();
    letters.remember(TOKEN, "contents", Promise.reject(new Error("no")));
    expect(await letters.repeated(TOKEN, "contents")).toBeNull();
    expect(letters.size).toBe(0);
  });

  it("is another one ten minutes later", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const letters = new SentLetters();
    letters.remember(TOKEN, "contents", Promise.resolve(RECEIPT));
    vi.advanceTimersByTime(10 * 60_000 - 1);
    expect(await letters.repeated(TOKEN, "contents")).toEqual(RECEIPT);
    vi.advanceTimersByTime(2);
    expect(await letters.repeated(TOKEN, "contents")).toBeNull();
    expect(letters.size).toBe(0);
  });

  it("is kept in memory in a form that only its page opens", async () => {
    const letters = new SentLetters();
    letters.remember(TOKEN, "contents", Promise.resolve(RECEIPT));
    await letters.repeated(TOKEN, "contents");
    const held = inspect(letters, { depth: 10, showHidden: true });
    for (const secret of [TOKEN, RECEIPT.code ?? "", "contents"]) expect(held).not.toContain(secret);
  });

  it("is remembered with no more than 20 000 others", async () => {
    const letters = new SentLetters();
    for (let count = 0; count <= 20_001; count += 1) letters.remember(String(count), "x", Promise.resolve(RECEIPT));
    expect(await letters.repeated("20001", "x")).toEqual(RECEIPT);
    expect(await letters.repeated("0", "x")).toBeNull();
    expect(letters.size).toBeLessThanOrEqual(20_000);
  });
});

describe("a form that is sent twice", () => {
  let portal: TestPortal;
  afterEach(() => portal.stop());
  const tokenIn = async (path: string) => {
    const page = await (await fetch(portal.url + path)).text();
    return /[?]progress=([0-9a-f]{32})/.exec(page)?.[1] ?? "";
  };
  const codeIn = (page: string) => /\d{4}( \d{4}){4}/.exec(page)?.[0];
  const send = async (token: string, message = "a letter", contents = "x") => {
    const body = formOf({ message }, [new File([contents], "a.txt")]);
    const answer = await fetch(`${portal.url}/en/submit?progress=${token}`, { method: "POST", body });
    return { status: answer.status, code: codeIn(await answer.text()) };
  };

  it.each([
    ["by itself", "/en/form/alone"],
    ["in its frame", "/en/plain"],
  ])("%s is one letter with one number, at once or one after the other", async (_what, path) => {
    portal = await startTestPortal();
    const token = path === "/en/plain" ? await frameToken() : await tokenIn(path);
    const [first, second] = await Promise.all([send(token), send(token)]);
    expect([first.status, second.status, second.code]).toEqual([200, 200, first.code]);
    expect((await send(token)).code).toBe(first.code);
    expect(await portal.stored()).toHaveLength(1);
  });

  it("with anything changed is two letters", async () => {
    portal = await startTestPortal();
    const token = await tokenIn("/en/form/alone");
    const codes = [await send(token), await send(token, "another letter"), await send(token, "another letter", "y")];
    expect(new Set(codes.map(({ code }) => code)).size).toBe(3);
    expect(await portal.stored()).toHaveLength(3);
  });

  async function frameToken(): Promise<string> {
    const page = await (await fetch(`${portal.url}/en/plain`)).text();
    const path = /\/en\/form\/[0-9a-f]{32}/.exec(page)?.[0] ?? "";
    return tokenIn(path);
  }
});

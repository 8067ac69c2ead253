import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { type IncomingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deleteCase, readCases } from "../../../src/desk/index.js";
import { putCase } from "../../support/cases.js";
import { removeFolder } from "../../support/temporary.js";
import { type RunningWorkbench, startWorkbench } from "../../support/workbench.js";

const ONE = "a".repeat(32);
let root: string;
let workbench: RunningWorkbench;
let faults: Error[];
let host: string;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request, with exactly these headers besides those of the connection. */
async function ask(method: string, path: string, headers: Record<string, string> = {}, body = ""): Promise<Answer> {
  const [, port = ""] = host.split(":");
  const asked = request({ host: "127.0.0.1", port, method, path, setHost: false, headers: { Host: host, ...headers } });
  asked.end(body);
  const [response] = await once(asked, "response");
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString() };
}

const FIRST = JSON.stringify({ reading: "", at: 0, known: "" });

/** The cases, of which there are no more than one portion holds. */
async function askCases(token: Record<string, string>, asked = FIRST) {
  return ask("POST", "/cases", token, asked);
}

const ours = () => ({ Origin: `http://${host}`, "Sec-Fetch-Site": "same-origin" });

/** Claims the workbench, as its page does. */
async function claim(): Promise<Record<string, string>> {
  const start = new URL(workbench.newAddress()).hash.slice(1);
  const { body } = await ask("POST", "/claim", ours(), start);
  return { ...ours(), "postern-token": JSON.parse(body).token };
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "postern-workbench-"));
  await putCase(root, "submission-aaaaaaaa", {
    record: { case: ONE },
    letter: "Письмо",
    day: "2026-11-23",
    files: [
      { name: "picture.png", contents: await readFile(new URL("../../support/dot.png", import.meta.url)) },
      { name: "program.exe", contents: Buffer.from("MZ") },
    ],
  });
  faults = [];
  workbench = await startWorkbench(root, (fault) => void faults.push(fault));
  host = new URL(workbench.newAddress()).host;
});
afterEach(async () => {
  workbench.stop();
  await removeFolder(root);
});

describe("the workbench's address", () => {
  it("works once, in one browser", async () => {
    const start = new URL(workbench.newAddress()).hash.slice(1);
    expect((await ask("POST", "/claim", ours(), start)).status).toBe(200);
    expect((await ask("POST", "/claim", ours(), start)).status).toBe(403);
  });

  it("keeps out the browser that had an earlier one", async () => {
    const before = await claim();
    expect((await askCases(before)).status).toBe(200);
    const now = await claim();
    expect((await askCases(before)).status).toBe(403);
    expect((await askCases(now)).status).toBe(200);
  });

  it.each(["", "x", "A".repeat(43)])("lets nobody in with the token %j", async (token) => {
    expect((await ask("POST", "/claim", ours(), token)).status).toBe(403);
    expect((await askCases({ ...ours(), "postern-token": token })).status).toBe(403);
  });
});

describe("the workbench refuses, whatever the token,", () => {
  it.each([
    ["another name of this machine", { Host: "localhost:PORT" }],
    ["a name that DNS leads here", { Host: "evil.example:PORT" }],
    ["a name without the port", { Host: "127.0.0.1" }],
    ["another page's request", { Origin: "https://evil.example" }],
    ["a request of a page without an origin", { Origin: "null" }],
    ["a page of another port", { Origin: "http://127.0.0.1:1" }],
    ["what the browser says comes from another site", { "Sec-Fetch-Site": "cross-site" }],
    ["what the browser says comes from another port", { "Sec-Fetch-Site": "same-site" }],
  ])("%s", async (_what, wrong: Record<string, string>) => {
    const token = await claim();
    const [, port = ""] = host.split(":");
    const headers = Object.fromEntries(
      Object.entries(wrong).map(([name, value]) => [name, value.replace("PORT", port)]),
    );
    const body = JSON.stringify({ by: "x", changes: [{ case: ONE, set: { spam: true } }] });
    expect((await askCases({ ...token, ...headers })).status).toBe(403);
    expect((await ask("POST", "/changes", { ...token, ...headers }, body)).status).toBe(403);
    expect(await readdir(root)).not.toContain("notes");
  });

  it("a change without an origin", async () => {
    const { Origin: _, ...token } = await claim();
    expect((await ask("POST", "/changes", token, "{}")).status).toBe(403);
  });

  it.each(["/../submission.json", "/index.html", "/cases?x", "//cases", "/constructor", "/__proto__"])(
    "%s",
    async (path) => {
      expect((await ask("GET", path, await claim())).status).toBe(404);
    },
  );
});

describe("every answer of the workbench", () => {
  it.each([
    ["GET", "/"],
    ["POST", "/cases"],
    ["GET", "/nothing"],
  ])("of %s %s is kept nowhere, framed nowhere, and says no more than it must", async (method, path) => {
    for (const token of [{}, await claim()]) {
      const { headers } = await ask(method, path, token, method === "GET" ? "" : FIRST);
      expect(headers["cache-control"]).toBe("no-store");
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
      expect(headers["x-frame-options"]).toBe("DENY");
      expect(headers["content-security-policy"]).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
  });

  it("is a page that holds no case, and connects to nobody else", async () => {
    const { body, headers } = await ask("GET", "/", { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate" });
    expect(body).not.toContain(ONE);
    expect(headers["content-security-policy"]).toContain("connect-src 'self'");
    expect(headers["content-security-policy"]).not.toMatch(/unsafe/);
  });
});

describe("a change", () => {
  const step = (set: unknown) => JSON.stringify({ by: "Анна", changes: [{ case: ONE, set }] });

  it("is in this desk's log before the answer, and in the cases after it", async () => {
    const token = await claim();
    const { status, body } = await ask("POST", "/changes", token, step({ status: "reading" }));
    expect(status).toBe(200);
    const [name = ""] = (await readdir(join(root, "notes"))).filter((each) => each.endsWith(".jsonl"));
    expect(JSON.parse(await readFile(join(root, "notes", name), "utf8"))).toEqual(JSON.parse(body)[0]);
    for await (const one of readCases(root)) expect(one.status).toBe("reading");
    const { rest } = JSON.parse((await askCases(token)).body);
    expect(rest.notes).toMatchObject([{ by: "Анна", set: { status: "reading" } }]);
  });

  it("takes the place only of what its page has shown: a log laid beside meanwhile stays", async () => {
    const token = await claim();
    const event = {
      desk: "desk-b",
      clock: 5,
      at: "",
      by: "Борис",
      case: ONE,
      replaces: [],
      set: { status: "answered" },
    };
    await mkdir(join(root, "notes"));
    await writeFile(join(root, "notes", "desk-b.jsonl"), `${JSON.stringify(event)}\n`);
    const changes = [{ case: ONE, set: { status: "reading" }, replaces: [] }];
    await ask("POST", "/changes", token, JSON.stringify({ by: "Анна", changes }));
    for await (const one of readCases(root))
      expect(one).toMatchObject({ status: "reading", otherStatuses: ["answered"] });
  });

  it.each([
    "no JSON",
    "[]",
    "null",
    `{"by":"","changes":[]}`,
    `{"by":"x","changes":[null]}`,
    `{"by":"x","changes":[{"case":"../x","set":{"spam":true}}]}`,
    `{"by":"x","changes":[{"case":"${ONE}","set":{"colour":"red"}}]}`,
  ])("that is malformed is refused, and nothing of it is written: %s", async (body) => {
    expect((await ask("POST", "/changes", await claim(), body)).status).toBe(400);
    expect(faults).toEqual([]);
    expect(await readdir(root)).not.toContain("notes");
  });

  it("is not said to be kept where it cannot be", async () => {
    await writeFile(join(root, "notes"), "a file in the folder's place");
    expect((await ask("POST", "/changes", await claim(), step({ spam: true }))).status).toBe(500);
    expect(faults).toHaveLength(1);
  });
});

describe("what draws documents", () => {
  it.each(["picture", "heif", "pdf"])(
    "is a script that may connect to nothing, and holds no case: %s",
    async (engine) => {
      const { status, headers, body } = await ask("GET", `/reading/${engine}.js`, { "Sec-Fetch-Site": "same-origin" });
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        "content-type": "text/javascript; charset=utf-8",
        "content-security-policy": "default-src 'none'",
        "cross-origin-embedder-policy": "require-corp",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(body).toContain("Postern, AGPL-3.0-or-later");
      const cross = { Origin: "http://example.org", "Sec-Fetch-Site": "cross-site" };
      expect((await ask("GET", `/reading/${engine}.js`, cross)).status).toBe(403);
    },
  );
});

describe("news", () => {
  const line = (clock: number, note: string) =>
    JSON.stringify({ desk: "desk-b", clock, at: "", by: "Борис", case: ONE, replaces: [], set: { note } });
  const cursorOf = async (token: Record<string, string>) =>
    JSON.parse((await askCases(token)).body).rest.cursor as object;
  const news = async (token: Record<string, string>, cursor: object) =>
    JSON.parse((await ask("POST", "/news", token, JSON.stringify(cursor))).body);

  it("are what a log laid beside the others tells, once, and the name of one that is damaged", async () => {
    const token = await claim();
    const cursor = await cursorOf(token);
    expect(await news(token, cursor)).toEqual({ cursor, events: [], damagedLogs: [] });
    await mkdir(join(root, "notes"));
    await writeFile(join(root, "notes", "desk-b.jsonl"), `${line(5, "один")}\n[}\n${line(6, "два")}\n`);
    const first = await news(token, cursor);
    expect(first.events).toMatchObject([{ set: { note: "один" } }, { set: { note: "два" } }]);
    expect(first.damagedLogs).toEqual(["desk-b.jsonl"]);
    expect((await news(token, first.cursor)).events).toEqual([]);
    expect((await news(token, cursor)).events).toEqual(first.events);
  });

  it("tell that a case has come, and that everything must be read again once one was deleted", async () => {
    const token = await claim();
    await ask("POST", "/changes", token, JSON.stringify({ by: "А", changes: [{ case: ONE, set: { note: "тайна" } }] }));
    const cursor = await cursorOf(token);
    await putCase(root, "submission-bbbbbbbb", { record: { case: "b".repeat(32) }, letter: "x", day: "2026-11-24" });
    const { cursor: now } = await news(token, cursor);
    expect(now.cases).not.toBe((cursor as typeof now).cases);
    const found = { caseId: ONE, folder: join(root, "submission-aaaaaaaa"), submissions: [] };
    await deleteCase(root, found, join(root, "..", "outbox-of-nobody"));
    expect(await news(token, now)).toBeNull();
    const { body } = await askCases(token);
    expect(body).not.toContain("тайна");
    expect(JSON.parse(body).cases).toHaveLength(1);
  });

  it.each(["", "[]", "{}", `{"run":1,"events":0,"cases":""}`])("are refused to what is no page: %j", async (body) => {
    expect((await ask("POST", "/news", await claim(), body)).status).toBe(400);
  });

  it.each([
    "",
    "null",
    "{}",
    `{"reading":"","at":-1,"known":""}`,
    `{"reading":"","at":0.5,"known":""}`,
    `{"reading":"","at":"0","known":""}`,
    `{"reading":"","at":0,"known":null}`,
  ])("and cases are refused to what is no page: %j", async (body) => {
    expect((await askCases(await claim(), body)).status).toBe(400);
    expect(faults).toEqual([]);
  });

  it("and cases are nobody else's", async () => {
    expect((await askCases(ours())).status).toBe(403);
    expect((await ask("POST", "/news", ours(), "{}")).status).toBe(403);
  });
});

describe("a document", () => {
  it("is given if it is a picture among the cases, and no other file is", async () => {
    const token = await claim();
    const picture = await ask("POST", "/document", token, "submission-aaaaaaaa/files/01-picture.png");
    expect(picture.status).toBe(200);
    expect(picture.headers["content-type"]).toBe("application/octet-stream");
    for (const path of [
      "submission-aaaaaaaa/files/02-program.exe",
      "../x",
      "/etc/passwd",
      "submission-aaaaaaaa/letter.txt",
    ]) {
      expect((await ask("POST", "/document", token, path)).status).toBe(404);
    }
    expect((await ask("POST", "/document", ours(), "submission-aaaaaaaa/files/01-picture.png")).status).toBe(403);
  });
});

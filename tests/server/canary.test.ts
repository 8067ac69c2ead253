import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, readlink, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningPortal, servePortal } from "../support/command.js";
import { eventually } from "../support/portal.js";
import { beginPost, multipart, part, post } from "../support/raw-request.js";
import { giveStaffKey } from "../support/staff-key.js";
import { removeFolder } from "../support/temporary.js";
import { traces } from "../support/traces.js";

/** One string per place that a submitter can write to; none occurs anywhere else. */
const CANARIES = {
  message: "канарейка-письмо-3f9c",
  prisoner: "канарейка-узник-77ab",
  place: "канарейка-место-15cd",
  charge: "канарейка-статья-90ef",
  request: "канарейка-просьба-2b4d",
  writer: "канарейка-автор-6a8c",
  contact: "канарейка-контакт-e1f3",
};
const FILE_NAME = "канарейка-имя-5d7b.jpg";
const FILE_TYPE = "image/x-canary-type-8c2e";
const FILE_TEXT = "канарейка-документ-d4a6";
const AGENT = "canary-agent-b9f1";
const REFERRER = "canary-referrer-c3e5";
const ALL = [...Object.values(CANARIES), FILE_NAME, FILE_TYPE, FILE_TEXT, AGENT, REFERRER];

let cwd: string;
let portal: RunningPortal;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "postern-canary-"));
  await mkdir(join(cwd, "temporary"));
  await giveStaffKey(cwd);
  portal = await servePortal({ cwd, env: { TMPDIR: join(cwd, "temporary") } });
});
afterEach(async () => {
  if (portal.process.exitCode === null && portal.process.signalCode === null) await portal.kill("SIGKILL");
  await removeFolder(cwd);
});

function body(size: number): Buffer {
  const document = Buffer.alloc(size);
  for (let at = 0; at + 64 < size; at += 4096) document.write(FILE_TEXT, at);
  return multipart(
    ...Object.entries(CANARIES).map(([name, text]) => part(`name="${name}"`, text)),
    part(`name="documents"; filename="${FILE_NAME}"`, document, FILE_TYPE),
  );
}
const HEADERS = { "User-Agent": AGENT, Referer: `https://${REFERRER}/` };

/** Looks through everything the portal could have written: the store, its temporary folder, its log. */
async function expectNoTrace(): Promise<void> {
  const places = new Map<string, Buffer>([
    ["standard output", Buffer.from(portal.output.stdout)],
    ["standard error", Buffer.from(portal.output.stderr)],
  ]);
  for (const entry of await readdir(cwd, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    places.set(`the name ${path}`, Buffer.from(path));
    if (entry.isFile()) places.set(path, await readFile(path));
  }
  expect([...places.keys()].some((place) => place.includes(join("data", "incoming")))).toBe(true);
  for (const [place, contents] of places) {
    for (const canary of ALL) {
      for (const trace of traces(canary)) {
        if (contents.includes(trace)) expect.fail(`${canary} left a trace in ${place}`);
      }
    }
  }
}

/** What the process has in open files, even those without a name. */
async function openFiles(): Promise<Buffer[]> {
  const folder = `/proc/${portal.process.pid}/fd`;
  const contents: Buffer[] = [];
  for (const name of await readdir(folder)) {
    const target = await readlink(join(folder, name)).catch(() => "");
    if (!target.startsWith(cwd)) continue;
    // It may have been closed since it was listed.
    contents.push(await readFile(join(folder, name)).catch(() => Buffer.alloc(0)));
  }
  return contents;
}

describe("nothing readable is ever written", () => {
  it("the search itself finds each form of a canary", () => {
    for (const trace of traces(FILE_TEXT)) {
      expect(Buffer.concat([Buffer.from("x"), trace, Buffer.from("y")]).includes(trace)).toBe(true);
    }
    const inside = Buffer.from(`ab${FILE_TEXT}cd`).toString("base64");
    expect(traces(FILE_TEXT).some((trace) => inside.includes(trace.toString("latin1")))).toBe(true);
  });

  it("when a submission is stored", async () => {
    const { status } = await post(`${portal.url}/ru/submit`, body(300_000), HEADERS);
    expect(status).toBe(200);
    expect(await readdir(join(cwd, "data/submissions"))).toHaveLength(1);
    await expectNoTrace();
  });

  it("when a submission is refused", async () => {
    const { status, text } = await post(
      `${portal.url}/ru/submit`,
      Buffer.concat([body(300_000).subarray(0, -4)]),
      HEADERS,
    );
    expect(status).toBe(400);
    expect(text).toContain(CANARIES.contact);
    await expectNoTrace();
  });

  it("when an address is wrong in every way", async () => {
    for (const path of [`/${encodeURIComponent(FILE_TEXT)}`, `/ru/form/${AGENT}`, `/progress/${AGENT}?${REFERRER}`]) {
      await (await fetch(portal.url + path, { headers: { "User-Agent": AGENT } })).text();
    }
    await post(`${portal.url}/ru/submit?progress=${AGENT}`, Buffer.from("nonsense"), HEADERS);
    await expectNoTrace();
  });

  it.each(["broken", "killed"] as const)("when the upload is %s in the middle", async (end) => {
    const whole = body(4_000_000);
    const socket = await beginPost(`${portal.url}/ru/submit`, { "Content-Length": String(whole.length), ...HEADERS });
    socket.on("error", () => undefined);
    socket.write(whole.subarray(0, 3_000_000));
    // The spool has no name, but its contents can be looked at through the process: they must be there, and unreadable.
    await eventually(
      async () => (await openFiles()).reduce((sum, { length }) => sum + length, 0) > 2_000_000,
      "the document has been spooled",
    );
    for (const contents of await openFiles()) {
      for (const canary of ALL) {
        for (const trace of traces(canary)) expect(contents.includes(trace)).toBe(false);
      }
    }
    await expectNoTrace();
    if (end === "broken") {
      socket.destroy();
      await eventually(async () => (await openFiles()).length === 0, "the spool is gone");
      expect((await stat(join(cwd, "data/incoming"))).mtimeMs % 86_400_000).toBe(0);
    } else {
      await portal.kill("SIGKILL");
      socket.destroy();
    }
    await expectNoTrace();
    expect(await readdir(join(cwd, "data/incoming"))).toEqual([]);
    expect(await readdir(join(cwd, "data/submissions"))).toEqual([]);
  });

  it("when the process is killed while it stores", async () => {
    const whole = body(60_000_000);
    const socket = await beginPost(`${portal.url}/ru/submit`, { "Content-Length": String(whole.length), ...HEADERS });
    socket.on("error", () => undefined);
    socket.write(whole);
    // Looked at without a pause: a second later all of it may be stored.
    while ((await readdir(join(cwd, "data/incoming"))).length === 0) await setImmediate();
    await portal.kill("SIGKILL");
    socket.destroy();
    await expectNoTrace();
    expect(await readdir(join(cwd, "data/submissions"))).toEqual([]);
    // The next start sweeps the half-written ciphertext away.
    portal = await servePortal({ cwd });
    expect(await readdir(join(cwd, "data/incoming"))).toEqual([]);
  });

  it("nor are any times finer than the day, apart from what the file system keeps for itself", async () => {
    await post(`${portal.url}/ru/submit`, body(1000), HEADERS);
    for (const entry of await readdir(join(cwd, "data"), { recursive: true })) {
      expect((await stat(join(cwd, "data", entry))).mtimeMs % 86_400_000, entry).toBe(0);
    }
    const stopped = once(portal.process, "close");
    portal.process.kill("SIGTERM");
    await stopped;
    expect(portal.output.stderr).toBe("");
  });
});

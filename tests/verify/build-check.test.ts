import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readOwnForm } from "../../src/form/index.js";
import { HttpClient } from "../../src/http-client/index.js";
import { loadTexts } from "../../src/locales/index.js";
import { Recipients } from "../../src/server/recipients/index.js";
import { checkAgainstBuild, type KnownInputs, Report } from "../../src/verify/index.js";
import { PRISONERS } from "../support/forms.js";
import { shareOf } from "../support/length.js";
import type { Line } from "../support/line.js";
import { listenLocally } from "../support/loopback.js";
import { meddlingLine, type Passing } from "../support/meddling-line.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";
import { socksProxy } from "../support/socks-proxy.js";
import { makeMailboxKey, makeReceiptKey } from "../support/ways.js";

const ONION = `${"b".repeat(56)}.onion`;
const texts = loadTexts();
const WAYS = {
  addresses: ["https://relay.example.org", `http://${"c".repeat(56)}.onion`, "https://portal.example.org:8443"],
  key: makeReceiptKey(),
  mailboxKey: makeMailboxKey(),
};

let portal: TestPortal;
let own: TestPortal;
beforeAll(async () => {
  portal = await startTestPortal();
  own = await startTestPortal({
    form: PRISONERS,
    config: {
      organisation: 'Фонд «Шлях» <&"',
      onion: ONION,
      maxFiles: 20,
      maxSubmission: 100 * 1024 ** 2,
      answerDays: 7,
      retentionDays: 90,
      draftDays: null,
      ways: WAYS,
      addresses: "t.me/example",
    },
  });
});
afterAll(async () => {
  await portal.stop();
  await own.stop();
});

const known = (of: TestPortal, more: Partial<KnownInputs> = {}): KnownInputs => ({
  recipients: new Recipients([of.recipient]),
  texts,
  form: of === own ? readOwnForm(PRISONERS, ["ru", "uk", "en"]) : null,
  organisation: null,
  about: null,
  addresses: null,
  answerDays: null,
  retentionDays: null,
  draftDays: null,
  ways: null,
  onion: null,
  portalSalt: null,
  maxSubmission: 2 * 1024 ** 3,
  maxFiles: 100,
  ...more,
});

async function check(client: HttpClient, what: KnownInputs): Promise<Report> {
  const report = new Report();
  await checkAgainstBuild(client, what, { copy: false }, report);
  return report;
}

const lines: Line[] = [];
afterEach(async () => {
  for (const line of lines.splice(0)) await line.close();
});

/** What the watchdog finds where `change` is made to the answers of `of`, as `path: what`. */
async function found(change: (path: string, answer: Passing) => Passing, of = portal): Promise<string[]> {
  const line = await meddlingLine(of.url, change);
  lines.push(line);
  const report = await check(new HttpClient(new URL(line.url)), known(of));
  return report.differences.map(({ path, what }) => `${path}: ${what}`);
}

const at =
  (where: string | RegExp, change: (answer: Passing) => Partial<Passing>) =>
  (path: string, answer: Passing): Passing =>
    (typeof where === "string" ? path === where : where.test(path)) ? { ...answer, ...change(answer) } : answer;

describe("an honest portal", () => {
  it("is the same as this build, and what was taken over from its page is said", async () => {
    const report = await check(new HttpClient(new URL(portal.url)), known(portal));
    expect(report.differences).toEqual([]);
    // In each language besides: the root, a missing page, the way out, and four pages without JavaScript.
    expect(report.compared).toBe(portal.paths.length + 3 * 7);
    expect(report.takenOver).toEqual([expect.stringMatching(/^portal salt [0-9a-f]{32}$/)]);
  });

  it("is the same with questions of its own, an organisation, an onion service and other limits", async () => {
    const report = await check(new HttpClient(new URL(own.url)), known(own));
    expect(report.differences).toEqual([]);
    expect(report.takenOver).toEqual([
      expect.stringMatching(/^portal salt /),
      'organisation "Фонд «Шлях» <&""',
      `onion service ${ONION}`,
      'published addresses "t.me/example"',
      "answers within 7 days",
      "answers kept 90 days",
      `an offline form that sends to ${WAYS.addresses.join(", ")}, receipt key ${WAYS.key.spki}, mailbox key ${WAYS.mailboxKey.spki}`,
      "at most 104857600 bytes in one submission",
      "at most 20 documents",
    ]);
  });

  it("is the same at its onion address, through a SOCKS proxy that resolves the name", async () => {
    const proxy = await socksProxy(own.url);
    lines.push({ url: "", close: proxy.close });
    const report = await check(new HttpClient(new URL(`http://${ONION}/`), { proxy }), known(own));
    expect(report.differences).toEqual([]);
    expect(new Set(proxy.asked)).toEqual(new Set([ONION]));
  });

  it("may stand behind a proxy that names itself: that is told, and no difference", async () => {
    const line = await meddlingLine(portal.url, (_path, answer) => ({
      ...answer,
      headers: { ...answer.headers, server: "Caddy" },
    }));
    lines.push(line);
    const report = await check(new HttpClient(new URL(line.url)), known(portal));
    expect(report.differences).toEqual([]);
    expect(report.notes).toEqual(['header server is added: "Caddy"']);
  });
});

describe("a portal that somebody has changed", () => {
  it("is found by one byte of a script, and where it is", async () => {
    const all = await found(
      at(/^\/build\/main-/, ({ body }) => ({ body: `${body.slice(0, 500)}~${body.slice(501)}` })),
    );
    expect(all).toEqual([
      expect.stringMatching(/^\/build\/main-\w+\.js: differs at byte 500 \(.*got ".*~.*expected "/),
    ]);
  });

  it("is found by a byte added at the end of the worker", async () => {
    const all = await found(at(/^\/build\/worker-/, ({ body }) => ({ body: `${body};` })));
    expect(all).toEqual([expect.stringMatching(/^\/build\/worker-.*expected the end$/)]);
  });

  it.each([
    ["an inline script", "<script>steal()</script>"],
    ["a handler", '<img src="/icon.svg" onerror="steal()">'],
    ["a script from elsewhere", '<script src="https://elsewhere.example/x.js"></script>'],
  ])("is found by %s, which is named", async (_what, added) => {
    const all = await found(at("/uk/", ({ body }) => ({ body: body.replace("</body>", `${added}</body>`) })));
    expect(all[0]).toMatch(/^\/uk\/: a script that is not ours: "/);
    expect(all[0]).toContain(added.slice(0, 40));
    expect(all[1]).toMatch(/^\/uk\/: differs at byte \d+ /);
    expect(all).toHaveLength(2);
  });

  it("is found by a script on a page without JavaScript, and by where its form leads", async () => {
    const all = await found(
      at(/^\/ru\/form\//, ({ body }) => ({
        body: body.replace('action="/ru/submit', 'action="//elsewhere.example/ru/submit'),
      })),
    );
    expect(all.map((each) => each.split(": ")[0])).toEqual(["/ru/form/alone", "/ru/form/… in ru"]);
    expect(all[1]).toContain("elsewhere.example");
  });

  it.each<[what: string, change: (headers: Passing["headers"]) => Passing["headers"], said: RegExp]>([
    [
      "weakened",
      (headers) => ({ ...headers, "content-security-policy": `${headers["content-security-policy"]};script-src *` }),
      /^\/en\/replies: header content-security-policy is ".*script-src \*"; expected "default-src 'none'/,
    ],
    [
      "missing",
      ({ "cross-origin-opener-policy": _gone, ...headers }) => headers,
      /^\/en\/replies: header cross-origin-opener-policy is missing; expected "same-origin"$/,
    ],
    [
      "added",
      (headers) => ({ ...headers, "set-cookie": ["v=1"] }),
      /^\/en\/replies: header set-cookie is added: "v=1"$/,
    ],
  ])("is found by a header that is %s", async (_what, change, said) => {
    const all = await found(at("/en/replies", ({ headers }) => ({ headers: change(headers) })));
    expect(all).toEqual([expect.stringMatching(said)]);
  });

  it("is found by another's key, by its fingerprint, wherever it is named", async () => {
    const other = await startTestPortal();
    const [ours, theirs] = [portal.recipient.fingerprint, other.recipient.fingerprint];
    const armored = await (await fetch(`${other.url}/keys.asc`)).text();
    await other.stop();
    const grouped = (fingerprint: string) => fingerprint.match(/.{4}/g)?.join(" ") ?? "";
    const all = await found((path, answer) => ({
      ...answer,
      body:
        path === "/keys.asc"
          ? armored
          : answer.body.replaceAll(ours, theirs).replaceAll(grouped(ours), grouped(theirs)),
    }));
    for (const path of ["/keys.asc", "/keys.json", "/ru/", "/en/keys", "/offline/uk.html"]) {
      expect(all).toContain(`${path}: a key that is not trusted here: ${theirs}`);
      expect(all).toContain(`${path}: a key is missing: ${ours}`);
    }
  });

  it("is found by a changed offline form", async () => {
    const all = await found(
      at("/offline/en.html", ({ body }) => ({ body: body.replace("connect-src 'none'", "connect-src *") })),
    );
    expect(all).toEqual([expect.stringMatching(/^\/offline\/en\.html: differs at byte \d+ .*connect-src \*/)]);
  });

  it("is found by where its root leads", async () => {
    const all = await found(
      at("/", ({ headers }) => ({ headers: { ...headers, location: "https://elsewhere.example/" } })),
    );
    expect(all).toHaveLength(3);
    expect(all[0]).toMatch(/^\/ in en: header location is "https:\/\/elsewhere\.example\/"; expected "\/en\/"$/);
  });

  it("is found by words that only its settings hold, and by an organisation that is not the one known", async () => {
    const ready = texts.get("en")?.say("client-ready") ?? "";
    const unready = texts.get("en")?.say("client-unready") ?? "";
    const words = [
      ...(await found(at("/en/", ({ body }) => ({ body: body.replace(unready, "Write to x@x") })))),
      ...(await found(at(/^\/build\/text-/, ({ body }) => ({ body: body.replace(ready, "Write to x@x") })))),
    ];
    const report = await check(new HttpClient(new URL(own.url)), known(own, { organisation: "Another" }));
    // The text comes in pieces, and in one.
    expect(words).toHaveLength(3);
    expect(report.differences.length).toBeGreaterThan(20);
    expect(report.takenOver.join()).not.toContain("organisation");
  });

  it.each(shareOf(["client", "forward", "part", "entry", "worker"], 2))(
    "is found by one byte of each piece: %s",
    async (kind) => {
      const pieces = portal.paths.filter(({ path }) => path.startsWith(`/build/${kind}-`));
      const change = at(new RegExp(`^/build/${kind}-`), ({ body }) => ({ body: `${body.slice(0, -2)}~` }));
      const all = await found(change);
      expect(all.map((found) => found.slice(0, found.indexOf(":"))).sort()).toEqual(
        pieces.map(({ path }) => path).sort(),
      );
      expect(pieces.length).toBeGreaterThan(0);
    },
  );

  it("that runs another version is said to", async () => {
    const line = await meddlingLine(
      portal.url,
      at("/ru/", ({ body }) => ({ body: body.replaceAll("/build/main-", "/build/main-0") })),
    );
    lines.push(line);
    const { notes } = await check(new HttpClient(new URL(line.url)), known(portal));
    expect(notes).toEqual(["the front page loads other scripts than this build: does the portal run this version?"]);
  });

  it("is found by a salt that is not the one known", async () => {
    const report = await check(new HttpClient(new URL(portal.url)), known(portal, { portalSalt: new Uint8Array(16) }));
    expect(new Set(report.differences.map(({ path }) => path)).size).toBeGreaterThan(15);
  });
});

describe("a hostile server", () => {
  /** Answers every connection with `bytes`, and then goes on with `more` for ever. */
  async function hostile(bytes: string | Buffer, more: Buffer | null = null): Promise<string[]> {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.write(bytes);
        if (more === null) socket.end();
        else {
          const on = () => {
            while (!socket.destroyed && socket.write(more));
          };
          socket.on("drain", on);
          on();
        }
      });
    });
    const url = await listenLocally(server);
    lines.push({ url, close: () => new Promise((resolve) => server.close(() => resolve())) });
    const report = await check(new HttpClient(new URL(url)), known(portal));
    expect(new Set(report.differences.map(({ path }) => path)).size).toBe(report.compared);
    return report.differences.map(({ what }) => what);
  }

  it.each(
    shareOf(
      [
        ["hangs up", "", null, /no readable response: ECONNRESET/],
        ["speaks something else", "SSH-2.0-OpenSSH\r\n", null, /no readable response: HPE_/],
        ["sends headers without end", "HTTP/1.1 200 OK\r\nx: ", Buffer.alloc(4096, "x"), /HPE_HEADER_OVERFLOW/],
        [
          "sends a body without end",
          "HTTP/1.1 200 OK\r\n\r\n",
          Buffer.alloc(65_536, "x"),
          /received more than \d+ bytes/,
        ],
        [
          "sends what grows without end",
          Buffer.concat([
            Buffer.from("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n"),
            gzipSync(Buffer.alloc(64 * 1024 ** 2)),
          ]),
          null,
          /the body grows to more than \d+ bytes when decompressed/,
        ],
        [
          "says that it compressed what it did not",
          "HTTP/1.1 200 OK\r\ncontent-encoding: br\r\n\r\nplain",
          null,
          /the body cannot be decompressed as br/,
        ],
      ],
      2,
    ),
  )("that %s comes to an end with that said", async (_what, bytes, more, said) => {
    const all = await hostile(bytes, more);
    expect(all.filter((what) => said.test(what)).length).toBeGreaterThan(30);
  });

  it.each(
    shareOf(
      [
        ["beginnings of scripts", "<script"],
        ["beginnings of tags", "<a"],
        ["beginnings of nothing", "<"],
        ["addresses that never come", "<a href= "],
        ["scripts", "<script>x</script>"],
        ["handlers", "<a onx=y>"],
        ["fingerprints", "A".repeat(40).concat(" ")],
      ],
      3,
    ),
  )("that sends nothing but %s is told in few lines, and soon", async (_what, part) => {
    const all = await hostile(`HTTP/1.1 200 OK\r\n\r\n<html>${part.repeat(400_000 / part.length)}`);
    expect(all.length).toBeLessThan(40 * portal.paths.length);
  });

  it("cannot steer the terminal by what it sends", async () => {
    const all = await hostile("HTTP/1.1 200 OK\r\n\r\n\u001b[2J\u202e\r\n");
    expect(all.join("")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(all.join("")).toContain("\\u001b[2J");
  });
});

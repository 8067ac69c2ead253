import { randomBytes } from "node:crypto";
import { type ClientRequest, createServer, request } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createRelayServer } from "../../src/relay-server/index.js";
import { introduce, VISITOR_HEADER } from "../../src/server/admission/index.js";
import { closeNow, listenLocally } from "../support/loopback.js";
import { eventually, startTestPortal, type TestPortal } from "../support/portal.js";

const TUS = { "Tus-Resumable": "1.0.0" };
/** Of one visitor; the visitors of a relay together may have twice that. */
const SHARE = 8;
const PER_MINUTE = 30;
const [secretA, secretB, secretC] = [randomBytes(32), randomBytes(32), randomBytes(32)];

let portal: TestPortal;
const closing: (() => Promise<unknown>)[] = [];
const held: ClientRequest[] = [];
let relayA: string;
let relayB: string;
let impostor: string;

beforeAll(async () => {
  portal = await startTestPortal({
    config: { clients: "forwarded", relaySecrets: [secretA, secretB, secretC] },
    limits: { places: 128, share: SHARE, perMinute: PER_MINUTE },
  });
  relayA = await startRelay("192.0.2.1", secretA);
  relayB = await startRelay("198.51.100.1", secretB);
  impostor = await startRelay("203.0.113.1", randomBytes(32));
});
afterEach(letGo);
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  await portal.stop();
});

/** A relay on a machine of its own, whose address the portal's proxy knows. */
async function startRelay(address: string, secret: Uint8Array): Promise<string> {
  const proxy = createServer((incoming, response) => {
    const headers = { ...incoming.headers, "x-forwarded-for": address };
    const onward = request(new URL(incoming.url ?? "", portal.url), { method: incoming.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    onward.flushHeaders();
    incoming.pipe(onward);
  });
  const to = new URL(await listenLocally(proxy));
  const relay = createRelayServer({ portal: to, proxy: null, clients: "forwarded", secret });
  closing.push(
    () => closeNow(proxy),
    () => closeNow(relay),
  );
  return listenLocally(relay);
}

type Headers = Readonly<Record<string, string>>;
const from = (network: number): Headers => ({ "X-Forwarded-For": `100.64.${network}.7` });
const networks = (count: number): Headers[] => Array.from({ length: count }, (_, index) => from(50 + index));

/** Begins an upload. @returns where it is, or the status of a refusal */
async function begin(url: string, headers: Headers): Promise<string | number> {
  const init = { method: "POST", headers: { ...TUS, ...headers, "Upload-Defer-Length": "1" } };
  const begun = await fetch(new URL("/uploads", url), init);
  await begun.arrayBuffer();
  return begun.status === 201 ? (begun.headers.get("Location") ?? "") : begun.status;
}

/** Begins uploads at the portal, few enough at one time for every share of places. @returns each place, or a status */
async function beginMany(count: number, headersOf: (index: number) => Headers): Promise<(string | number)[]> {
  const answers: (string | number)[] = [];
  while (answers.length < count) {
    const some = Array.from({ length: 2 }, (_, index) => begin(portal.url, headersOf(answers.length + index)));
    answers.push(...(await Promise.all(some)));
  }
  return answers;
}

/**
 * Uploads whose first pieces never end, so that each holds a place at the portal: one for each of `visitors`.
 * @returns how many are refused, so far
 */
async function hold(url: string, visitors: readonly Headers[]): Promise<() => number> {
  const before = places();
  const begun: [place: string, headers: Headers][] = [];
  for (const headers of visitors) begun.push([String(await begin(url, headers)), headers]);
  // A request that begins an upload has a place as well, until it is over.
  await eventually(async () => places() === before, "what has begun them is over");
  let refused = 0;
  for (const [place, headers] of begun) {
    const piece = {
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": "0",
      "Content-Length": "100000",
    };
    const asked = request(new URL(place, url), { method: "PATCH", headers: { ...TUS, ...headers, ...piece } });
    asked
      .on("error", () => undefined)
      .on("response", ({ statusCode }) => {
        // 503 where there are more of them at one time than the portal reads the bodies of.
        if (statusCode === 429 || statusCode === 503) refused += 1;
      });
    asked.flushHeaders();
    held.push(asked);
  }
  return () => refused;
}

async function letGo(): Promise<void> {
  for (const each of held.splice(0)) each.destroy();
  await eventually(async () => places() === 0, "no place is held any more");
}

const places = () => portal.census().places ?? 0;

describe("a portal that shares a secret with each of its relays", () => {
  it("is told another name of a visitor who sends than of one who asks for an answer", async () => {
    const names: (string | undefined)[] = [];
    const look = ({ headers }: { readonly headers: NodeJS.Dict<string | string[]> }) =>
      void names.push(String(headers[VISITOR_HEADER.toLowerCase()]).split(".")[1]);
    portal.server.on("request", look);
    await begin(relayA, from(9));
    await begin(relayA, from(9));
    await fetch(new URL("/mailbox", relayA), { method: "POST", headers: from(9), body: "x" });
    portal.server.off("request", look);
    const [sends, again, asks] = names;
    expect(names).toHaveLength(3);
    expect(again).toBe(sends);
    expect(asks).toMatch(/^[\w-]{22}$/);
    expect(asks).not.toBe(sends);
  });

  it("holds a flood through one to that relay's share, and each of its visitors to less", async () => {
    const flood = await hold(relayA, new Array<Headers>(SHARE + 4).fill(from(1)));
    await eventually(async () => flood() === 4, "what is over a share is refused");
    expect(places()).toBe(SHARE);
    await hold(relayA, [from(2)]);
    await eventually(async () => places() === SHARE + 1, "another visitor of the same relay has a place");

    const many = await hold(relayA, networks(SHARE + 4));
    await eventually(async () => many() === 5, "the relay has its share");
    expect(places()).toBe(2 * SHARE);

    await hold(relayB, [from(1)]);
    await eventually(async () => places() === 2 * SHARE + 1, "a visitor of another relay has a place");
    await hold(portal.url, [from(1)]);
    await eventually(async () => places() === 2 * SHARE + 2, "who comes without a relay has a place");
    await letGo();
    expect(await begin(relayA, from(20))).toMatch(/^\/uploads\//);
  });

  it("takes all who come through a relay with a wrong secret for one visitor", async () => {
    const flood = await hold(impostor, networks(SHARE + 3));
    await eventually(async () => flood() === 3, "what is over a share is refused");
    expect(places()).toBe(SHARE);
  });

  it("lets a hostile relay begin no more, whatever visitors it makes up", async () => {
    const made = (index: number) => ({
      ...from(99),
      [VISITOR_HEADER]: introduce(secretC, `made up ${index}`, "upload", new Date()),
    });
    const answers = await beginMany(100, made);
    expect(answers.filter((answer) => answer !== 429)).toHaveLength(2 * PER_MINUTE);
    expect(await begin(relayA, from(30))).toMatch(/^\/uploads\//);
    expect(await begin(portal.url, from(30))).toMatch(/^\/uploads\//);
    // Nor can a visitor of another relay say who it is: here, one of the relay that has had its share.
    expect(await begin(relayA, made(1_000))).toMatch(/^\/uploads\//);
  });

  it("believes nobody else: who names visitors without a secret is one visitor", async () => {
    const forged = (index: number) => introduce(randomBytes(32), `made up ${index}`, "upload", new Date());
    const answers = await beginMany(PER_MINUTE + 10, (index) => ({ ...from(40), [VISITOR_HEADER]: forged(index) }));
    expect(answers.filter((answer) => answer === 429)).toHaveLength(10);
  });
});

import { createServer, request as forward, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ForeignAnswerError, LineJudge, requireOwnAnswer } from "../../src/client/foreign-answer.js";
import { upload } from "../../src/client/upload.js";
import { closeNow, listenLocally } from "../support/loopback.js";
import { submissionMessage } from "../support/message.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";
import { uploadOptions } from "../support/upload-options.js";

const answer = (status: number, own: boolean) =>
  new Response(null, { status, ...(own && { headers: { "Tus-Resumable": "1.0.0" } }) });
const foreign = (method: string, status: number) => new ForeignAnswerError(method, status);
/** After how many such failures a line is blocked; null if never. */
function triesUntilBlocked(failure: () => unknown): number | null {
  const judge = new LineJudge();
  for (let tries = 1; tries <= 1_000; tries += 1) if (judge.isBlocked(failure())) return tries;
  return null;
}

describe("an answer", () => {
  it.each([200, 204, 400, 403, 404, 405, 500, 501, 502])("of %i is foreign unless it names tus", (status) => {
    expect(() => requireOwnAnswer("PATCH", answer(status, false))).toThrow(ForeignAnswerError);
    expect(() => requireOwnAnswer("PATCH", answer(status, true))).not.toThrow();
  });

  it.each([413, 422, 429, 503, 507])("of %i means the same whoever gives it", (status) => {
    expect(() => requireOwnAnswer("PATCH", answer(status, false))).not.toThrow();
  });
});

describe("a line", () => {
  it.each([200, 400, 403, 405, 501])(
    "is blocked after five answers of %i by somebody else, whatever was asked",
    (status) => {
      for (const method of ["POST", "HEAD", "PATCH"]) expect(triesUntilBlocked(() => foreign(method, status))).toBe(5);
    },
  );

  it("is blocked where only PATCH is answered with 502, and not while the server is away for all", () => {
    expect(triesUntilBlocked(() => foreign("PATCH", 502))).toBe(5);
    expect(triesUntilBlocked(() => foreign("HEAD", 502))).toBeNull();
  });

  it("is not blocked by being lost", () => {
    expect(triesUntilBlocked(() => new TypeError("fetch failed"))).toBeNull();
  });
});

describe("an upload through a proxy that forbids PATCH", () => {
  let portal: TestPortal;
  let proxy: Server;
  beforeEach(async () => {
    portal = await startTestPortal();
  });
  afterEach(async () => {
    await closeNow(proxy);
    await portal.stop();
  });

  /** Forwards everything but the first `count` requests of `method`. */
  async function refusing(method: string, status: number, count: number): Promise<string> {
    let refused = 0;
    proxy = createServer((request, response) => {
      if (request.method === method && refused < count) {
        refused += 1;
        request.resume().on("end", () => response.writeHead(status, { "Content-Type": "text/html" }).end("<p>no</p>"));
        return;
      }
      const { hostname, port } = new URL(portal.url);
      const { url: path, headers } = request;
      const onward = forward({ hostname, port, path, method: request.method, headers }, (given) => {
        response.writeHead(given.statusCode ?? 502, given.headers);
        given.pipe(response);
      });
      request.pipe(onward);
    });
    return listenLocally(proxy);
  }

  it.each([
    ["PATCH", 405],
    ["PATCH", 501],
    ["PATCH", 403],
    ["PATCH", 400],
    ["PATCH", 200],
    ["PATCH", 502],
    ["PATCH", 404],
    ["POST", 403],
    ["POST", 405],
  ])("ends as blocked, after some tries: %s is answered with %i", { timeout: 60_000 }, async (method, status) => {
    const url = await refusing(method, status, Number.POSITIVE_INFINITY);
    const bytes = await submissionMessage(portal.recipient, 100_000);
    const sending = upload(new Blob([new Uint8Array(bytes)]).stream(), uploadOptions(url));
    await expect(sending).rejects.toMatchObject({ code: "blocked" });
    expect(await portal.stored()).toEqual([]);
  });

  it("goes on where only some requests are forbidden", { timeout: 60_000 }, async () => {
    const url = await refusing("PATCH", 403, 3);
    const bytes = await submissionMessage(portal.recipient, 100_000);
    await upload(new Blob([new Uint8Array(bytes)]).stream(), uploadOptions(url));
    expect(await portal.stored()).toHaveLength(1);
  });
});

import { createServer, request as forward, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { upload } from "../../src/client/upload.js";
import { closeNow, listenLocally } from "../support/loopback.js";
import { submissionMessage } from "../support/message.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";
import { uploadOptions } from "../support/upload-options.js";

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

  /** Forwards everything but the first `count` requests of `method`, in whichever way it is said. */
  async function refusing(method: string, status: number, count: number, overridden = true): Promise<string> {
    let refused = 0;
    proxy = createServer((request, response) => {
      const said = overridden ? request.headers["x-http-method-override"] : undefined;
      if ((said ?? request.method) === method && refused < count) {
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

  it("goes through as POST where nothing but the method PATCH is forbidden", { timeout: 60_000 }, async () => {
    const url = await refusing("PATCH", 405, Number.POSITIVE_INFINITY, false);
    const bytes = await submissionMessage(portal.recipient, 100_000);
    await upload(new Blob([new Uint8Array(bytes)]).stream(), uploadOptions(url));
    expect(await portal.stored()).toHaveLength(1);
  });

  it("goes on where only some requests are forbidden", { timeout: 60_000 }, async () => {
    const url = await refusing("PATCH", 403, 3);
    const bytes = await submissionMessage(portal.recipient, 100_000);
    await upload(new Blob([new Uint8Array(bytes)]).stream(), uploadOptions(url));
    expect(await portal.stored()).toHaveLength(1);
  });
});

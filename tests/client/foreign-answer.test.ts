import { createServer, request as forward } from "node:http";
import { describe, it, type TestContext } from "vitest";
import { upload } from "../../src/client/upload.js";
import { shareOf } from "../support/length.js";
import { closeNow, listenLocally } from "../support/loopback.js";
import { submissionMessage } from "../support/message.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";
import { uploadOptions } from "../support/upload-options.js";

// The client really pauses between its tries: all of these wait beside each other.
describe.concurrent("an upload through a proxy that forbids PATCH", () => {
  it.for(
    shareOf(
      [
        ["PATCH", 405],
        ["PATCH", 501],
        ["PATCH", 403],
        ["PATCH", 400],
        ["PATCH", 200],
        ["PATCH", 502],
        ["PATCH", 404],
        ["POST", 403],
        ["POST", 405],
      ],
      4,
    ),
  )("ends as blocked, after some tries: %s is answered with %i", async ([method, status], context) => {
    const { expect } = context;
    const portal = await startPortal(context);
    await expect(send(portal, await refusing(context, portal, method, status))).rejects.toMatchObject({
      code: "blocked",
    });
    expect(await portal.stored()).toEqual([]);
  });

  it("goes through as POST where nothing but the method PATCH is forbidden", async (context) => {
    const portal = await startPortal(context);
    await send(portal, await refusing(context, portal, "PATCH", 405, { overridden: false }));
    context.expect(await portal.stored()).toHaveLength(1);
  });

  it("goes on where only some requests are forbidden", async (context) => {
    const portal = await startPortal(context);
    await send(portal, await refusing(context, portal, "PATCH", 403, { count: 3 }));
    context.expect(await portal.stored()).toHaveLength(1);
  });
});

async function startPortal({ onTestFinished }: TestContext): Promise<TestPortal> {
  const portal = await startTestPortal();
  onTestFinished(() => portal.stop());
  return portal;
}

async function send(portal: TestPortal, url: string): Promise<void> {
  const bytes = await submissionMessage(portal.recipient, 100_000);
  await upload(new Blob([new Uint8Array(bytes)]).stream(), uploadOptions(url));
}

/** Forwards everything but the first `count` requests of `method`, `overridden`: in whichever way that is said. */
async function refusing(
  { onTestFinished }: TestContext,
  portal: TestPortal,
  method: string,
  status: number,
  { count = Number.POSITIVE_INFINITY, overridden = true } = {},
): Promise<string> {
  let refused = 0;
  const proxy = createServer((request, response) => {
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
  onTestFinished(() => closeNow(proxy));
  return listenLocally(proxy);
}

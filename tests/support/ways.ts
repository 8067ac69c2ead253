import { generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { relayTo } from "../../src/relay/index.js";
import { createRelayServer } from "../../src/relay-server/index.js";
import type { Ways } from "../../src/server/index.js";
import { readMailboxKey, readReceiptKey } from "../../src/server/portal-keys/index.js";
import { type Line, openLine } from "./line.js";
import { closeNow, listenLocally } from "./loopback.js";

/** A portal's receipt key, new, with its secret half. */
export function makeReceiptKey(): Ways["key"] {
  return readReceiptKey(makePem());
}

/** What questions to a mailbox are sealed to, likewise. */
export function makeMailboxKey(): NonNullable<Ways["mailboxKey"]> {
  return readMailboxKey(makePem());
}

function makePem(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** A way whose end is told later: a portal has to know its relays' addresses before they know its own. */
export interface OpenWay extends Line {
  /** What leads there from now on. */
  readonly lead: (to: string) => void;
  /** Bytes that have come in by it. */
  readonly bytes: () => number;
}

/** @param isDead told how many bytes have come in, says whether the way is cut, in the middle of whatever passes */
export async function openWay(isDead: (bytes: number) => boolean = () => false): Promise<OpenWay> {
  let target = "http://127.0.0.1:1";
  let bytes = 0;
  const line = await openLine(
    () => target,
    (client, upstream) => {
      client.on("data", ({ length }: Buffer) => {
        bytes += length;
        if (!isDead(bytes)) return;
        client.destroy();
        upstream.destroy();
      });
      client.pipe(upstream);
      upstream.pipe(client);
    },
  );
  return {
    ...line,
    lead: (to) => {
      target = to;
    },
    bytes: () => bytes,
  };
}

/** A relay that passes on honestly. */
export async function honestRelay(portal: string): Promise<Line> {
  const server = createRelayServer({ portal: new URL(portal), proxy: null, clients: "socket" });
  return { url: await listenLocally(server), close: () => closeNow(server) };
}

/** What a lying relay does in place of asking the portal: `ask` does that, with another body if one is given. */
export type Lie = (
  request: IncomingMessage & { readonly body: Buffer },
  ask: (body?: Uint8Array) => Promise<Response>,
) => Promise<Response>;

/** A relay that answers what `lie` says, with all headers that a browser wants to see. */
export async function lyingRelay(portal: string, lie: Lie): Promise<Line> {
  const honest = relayTo({ portal: new URL(portal), send: fetch });
  const server = createServer(async (incoming, response: ServerResponse) => {
    const body = Buffer.concat(await incoming.toArray());
    const { method = "", url = "/" } = incoming;
    const ask = (sent: Uint8Array = body) =>
      honest(
        new Request(`http://relay.invalid${url}`, {
          method,
          headers: Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
            typeof value === "string" && !["connection", "host", "content-length"].includes(name)
              ? [[name, value]]
              : [],
          ),
          ...(method === "PATCH" || method === "POST" ? { body: new Uint8Array(sent) } : {}),
        }),
      );
    const preflight = incoming.headers["access-control-request-method"] !== undefined;
    const answer = await (preflight ? ask() : lie(Object.assign(incoming, { body }), ask)).catch(() => null);
    if (answer === null) return void response.destroy();
    const headers = { ...Object.fromEntries(answer.headers), "access-control-allow-origin": "*" };
    response.writeHead(answer.status, {
      "access-control-expose-headers":
        "location, tus-resumable, upload-offset, postern-blocks-sha256, postern-signature",
      ...headers,
    });
    if (answer.body === null) response.end();
    else Readable.fromWeb(answer.body as NodeReadableStream<Uint8Array>).pipe(response);
  });
  return { url: await listenLocally(server), close: () => closeNow(server) };
}

const TUS = { "Tus-Resumable": "1.0.0" };

/** Ways to lie. */
export const LIES: Readonly<Record<string, Lie>> = {
  "answers all by itself": async ({ method, headers, body, url }) => {
    if (method === "POST")
      return new Response(null, { status: 201, headers: { ...TUS, Location: `/uploads/${"a".repeat(32)}` } });
    const offset = String(Number(headers["upload-offset"] ?? 0) + body.length);
    const forged = {
      "Postern-Blocks-Sha256": "0".repeat(64),
      "Postern-Signature": Buffer.alloc(64, url?.length).toString("base64"),
    };
    return new Response(null, {
      status: method === "HEAD" ? 200 : 204,
      headers: { ...TUS, "Upload-Offset": offset, ...forged },
    });
  },
  "answers 200 to all": async () => new Response("ok", { status: 200, headers: TUS }),
  "refuses all": async () => new Response("refused\n", { status: 422, headers: TUS }),
  "knows nothing": async () => new Response("not_found\n", { status: 404, headers: TUS }),
  "cuts pieces short, and says that they arrived": async ({ method, headers, body }, ask) => {
    if (method !== "PATCH" || body.length < 2) return ask();
    const answer = await ask(body.subarray(0, body.length >> 1));
    const told = new Headers(answer.headers);
    told.set("Upload-Offset", String(Number(headers["upload-offset"]) + body.length));
    return new Response(null, { status: answer.status, headers: told });
  },
  "repeats pieces": async ({ method }, ask) => {
    if (method === "PATCH") await ask();
    return ask();
  },
  "changes a byte": async ({ method, body }, ask) => {
    if (method !== "PATCH" || body.length < 1_000) return ask();
    const changed = Buffer.from(body);
    changed.writeUInt8((changed.at(-100) ?? 0) ^ 1, changed.length - 100);
    return ask(changed);
  },
  "swallows the last answer": async ({ headers }, ask) => {
    const answer = await ask();
    if (headers["upload-length"] !== undefined) throw new Error("never told");
    return answer;
  },
};

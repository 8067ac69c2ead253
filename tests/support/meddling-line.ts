import { createServer, request as forward, type IncomingHttpHeaders } from "node:http";
import type { Line } from "./line.js";
import { closeNow, listenLocally } from "./loopback.js";

export interface Passing {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP relay to `target` that may change each answer on its way: a server that somebody else controls. */
export async function meddlingLine(target: string, change: (path: string, answer: Passing) => Passing): Promise<Line> {
  const { hostname, port } = new URL(target);
  const server = createServer(({ url = "/", method, headers }, response) => {
    const asked = { ...headers, "accept-encoding": "identity" };
    forward({ hostname, port, path: url, method, headers: asked }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        const { "content-length": _length, "transfer-encoding": _coding, ...kept } = answer.headers;
        const body = Buffer.concat(chunks).toString("latin1");
        const changed = change(url, { status: answer.statusCode ?? 502, headers: kept, body });
        response.writeHead(changed.status, changed.headers).end(Buffer.from(changed.body, "latin1"));
      });
    })
      .on("error", () => response.destroy())
      .end();
  });
  return {
    url: await listenLocally(server),
    close: () => closeNow(server),
  };
}

import { Agent, createServer, type IncomingMessage, request } from "node:http";
import { closeNow, listenLocally } from "../support/loopback.js";

/** Passes everything on to an object store and counts the requests by kind, as its owner would be billed for them. */
export async function countingRelay(target: string): Promise<{
  readonly url: string;
  readonly counts: ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
}> {
  const counts = new Map<string, number>();
  const { hostname, port } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  const server = createServer((from, to) => {
    const kind = kindOf(from);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    // The signature holds the host that the client has asked.
    const onward = request(
      { agent, hostname, port, method: from.method, path: from.url, headers: from.headers },
      (answer) => {
        to.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(to);
      },
    );
    onward.on("error", () => to.destroy());
    from.pipe(onward);
  });
  return {
    url: await listenLocally(server),
    counts,
    close: () => {
      agent.destroy();
      return closeNow(server);
    },
  };
}

function kindOf({ method = "", url = "" }: IncomingMessage): string {
  if (method === "GET" && url.includes("list-type=2")) return "list";
  if (method === "POST") return url.includes("delete") ? "delete" : "multipart";
  return method.toLowerCase();
}

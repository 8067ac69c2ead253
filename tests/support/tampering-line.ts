import { createServer, request as forward } from "node:http";
import type { Line } from "./line.js";
import { closeNow, listenLocally } from "./loopback.js";

export interface Tampered {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Answer = Tampered | null;

/**
 * An HTTP relay to `target` that answers itself where `tamper` says so, perhaps late: what a broken or hostile server
 * would do.
 */
export async function tamperingLine(target: string, tamper: (path: string) => Answer | Promise<Answer>): Promise<Line> {
  const { hostname, port } = new URL(target);
  const server = createServer(async (request, response) => {
    const answer = tamper(request.url ?? "/");
    const tampered = answer instanceof Promise ? await answer : answer;
    if (tampered !== null) {
      response.writeHead(tampered.status, tampered.headers).end(tampered.body);
      return;
    }
    const onward = forward(
      { hostname, port, path: request.url, method: request.method, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  return {
    url: await listenLocally(server),
    close: () => closeNow(server),
  };
}

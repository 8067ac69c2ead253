import { mkdir } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { type RunningPortal, servePortal } from "./command.js";
import { closeNow, listenLocally } from "./loopback.js";

interface Replica {
  portal: RunningPortal | null;
  readonly port: string;
}

export interface ReplicasOptions {
  readonly folder: string;
  readonly count: number;
  readonly env: Readonly<Record<string, string>>;
}

/** Several portals over one store, and what stands in front of them: each request goes to another one than the last. */
export class Replicas {
  readonly #options: ReplicasOptions;
  readonly #replicas: Replica[] = [];
  #balancer: Server | null = null;
  #turn = 0;
  url = "";

  constructor(options: ReplicasOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    for (let index = 0; index < this.#options.count; index += 1) {
      const portal = await this.#serve(index, "0");
      this.#replicas.push({ portal, port: new URL(portal.url).port });
    }
    this.#balancer = createServer((from, to) => this.#pass(from, to));
    this.url = await listenLocally(this.#balancer);
  }

  /** Kills a replica as a power failure would, and starts it again at the same address. */
  async killAndRestart(index: number): Promise<void> {
    const replica = this.#replicas[index];
    if (replica?.portal == null) throw new Error(`there is no replica ${index}`);
    const { portal } = replica;
    replica.portal = null;
    await portal.kill("SIGKILL");
    replica.portal = await this.#serve(index, replica.port);
  }

  async stop(): Promise<void> {
    if (this.#balancer !== null) await closeNow(this.#balancer);
    for (const { portal } of this.#replicas) await portal?.kill("SIGTERM");
  }

  /** All that they have said to the operator. */
  get said(): string {
    return this.#replicas.map(({ portal }) => portal?.output.stderr ?? "").join("");
  }

  /** Each has a folder of its own: they share nothing but the store and the keys. */
  async #serve(index: number, port: string): Promise<RunningPortal> {
    const { folder, env } = this.#options;
    const cwd = join(folder, `replica-${index}`);
    await mkdir(cwd, { recursive: true });
    return servePortal({
      cwd,
      env: { ...env, POSTERN_KEYS: join(folder, "keys"), POSTERN_LISTEN: `127.0.0.1:${port}` },
    });
  }

  #pass(from: IncomingMessage, to: ServerResponse): void {
    const alive = this.#replicas.filter(({ portal }) => portal !== null);
    this.#turn += 1;
    const chosen = alive[this.#turn % alive.length];
    // What breaks in the middle is broken for the client as well.
    const breakOff = () => {
      to.destroy();
    };
    if (chosen === undefined) {
      breakOff();
      return;
    }
    const onward = request(
      {
        host: "127.0.0.1",
        port: chosen.port,
        method: from.method,
        path: from.url,
        headers: from.headers,
        agent: false,
      },
      (answer) => {
        to.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on("error", breakOff).on("aborted", breakOff).pipe(to);
      },
    );
    onward.on("error", breakOff);
    from.on("error", () => onward.destroy()).pipe(onward);
  }
}

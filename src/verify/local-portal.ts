import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OwnForm } from "../form/index.js";
import { createLog } from "../http/index.js";
import { type Answer, Asker } from "../http-client/index.js";
import type { Texts } from "../locales/index.js";
import { createServer, type Recipients } from "../server/index.js";
import { openFileStore } from "../store/index.js";

/** All that the answers of a portal depend on. */
export interface PortalInputs {
  readonly recipients: Recipients;
  readonly texts: ReadonlyMap<string, Texts>;
  /** The operator's questions, or null for the default ones. */
  readonly form: OwnForm | null;
  readonly organisation: string | null;
  /** Host name of the onion service, or null. */
  readonly onion: string | null;
  /** 16 bytes. */
  readonly portalSalt: Uint8Array;
  readonly maxSubmission: number;
  readonly maxFiles: number;
}

/** No answer of a portal is longer: the offline form, with all scripts in it, is the largest. */
const LONGEST = 8 * 1024 ** 2;

/**
 * A portal with an empty store of its own, on a socket that nobody else can reach: what it answers is what any portal with these
 * inputs must answer, made by the very code that a portal runs.
 */
export class LocalPortal {
  readonly #server: Server;
  readonly #asker: Asker;
  readonly #folder: string;

  private constructor(server: Server, folder: string, socketPath: string) {
    this.#server = server;
    this.#folder = folder;
    this.#asker = new Asker(new URL("http://portal/"), { socketPath });
  }

  static async open(inputs: PortalInputs): Promise<LocalPortal> {
    const folder = await mkdtemp(join(tmpdir(), "postern-proof-"));
    try {
      const store = await openFileStore(join(folder, "store"));
      const server = createServer({
        ...inputs,
        config: {
          organisation: inputs.organisation,
          onion: inputs.onion,
          maxSubmission: inputs.maxSubmission,
          maxFiles: inputs.maxFiles,
          minFree: 0,
          maxStore: null,
          maxIncoming: inputs.maxSubmission,
          clients: "socket",
          retentionDays: null,
          spoolFolder: store.incoming,
          demonstration: false,
        },
        store,
        log: createLog({ write: () => undefined }),
      });
      const socketPath = join(folder, "portal.sock");
      server.listen({ path: socketPath });
      await once(server, "listening");
      return new LocalPortal(server, folder, socketPath);
    } catch (cause) {
      await rm(folder, { recursive: true, force: true });
      throw cause;
    }
  }

  /** What it answers to who asks for `path` at the address `host`, uncompressed. */
  async ask(path: string, host: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#asker.ask(path, { ...headers, Host: host, "Accept-Encoding": "identity" }, LONGEST);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
    await rm(this.#folder, { recursive: true, force: true });
  }
}

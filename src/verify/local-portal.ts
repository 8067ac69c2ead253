import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OwnForm } from "../form/index.js";
import { createLog } from "../http/index.js";
import { HttpClient, type HttpResponse } from "../http-client/index.js";
import type { Texts } from "../locales/index.js";
import { createPortal, type FixedPath, type Ways } from "../server/index.js";
import type { Recipients } from "../server/recipients/index.js";
import { openFileStore } from "../store/index.js";
import type { HeaderList } from "./browser-headers.js";

/** Everything that a portal's responses depend on. */
export interface PortalInputs {
  readonly recipients: Recipients;
  readonly texts: ReadonlyMap<string, Texts>;
  /** The operator's questions, or null for the default ones. */
  readonly form: OwnForm | null;
  readonly organisation: string | null;
  /** What the operator has said about people, answers and addresses; see docs/CONFIGURATION.md. */
  readonly about: Readonly<Record<string, string>> | null;
  readonly addresses: string | null;
  readonly answerDays: number | null;
  readonly retentionDays: number | null;
  readonly draftDays: number | null;
  /** Host name of the onion service, or null. */
  readonly onion: string | null;
  /** How the offline form may send, or null; the public half of the key is enough. */
  readonly ways: Ways | null;
  /** 16 bytes. */
  readonly portalSalt: Uint8Array;
  /** Bytes. */
  readonly maxSubmission: number;
  readonly maxFiles: number;
}

/** The largest response is the offline form, which includes all scripts. */
const MAX_RESPONSE_BYTES = 8 * 1024 ** 2;

/**
 * A portal with an empty store, on a private socket. It runs the same code as every portal, so every portal with these
 * inputs must give the same responses.
 */
export class LocalPortal {
  /** Every path whose answer is the same for everyone. */
  readonly paths: readonly FixedPath[];
  readonly #server: Server;
  readonly #client: HttpClient;
  readonly #folder: string;

  private constructor(server: Server, paths: readonly FixedPath[], folder: string, socketPath: string) {
    this.paths = paths;
    this.#server = server;
    this.#folder = folder;
    this.#client = new HttpClient(new URL("http://portal/"), { socketPath });
  }

  static async open(inputs: PortalInputs): Promise<LocalPortal> {
    const folder = await mkdtemp(join(tmpdir(), "postern-verify-"));
    try {
      const store = await openFileStore(join(folder, "store"));
      const { servers, paths } = createPortal({
        ...inputs,
        config: {
          organisation: inputs.organisation,
          about: inputs.about,
          addresses: inputs.addresses,
          answerDays: inputs.answerDays,
          onion: inputs.onion,
          maxSubmission: inputs.maxSubmission,
          maxFiles: inputs.maxFiles,
          minFree: 0,
          maxStore: null,
          maxIncoming: inputs.maxSubmission,
          clients: "socket",
          retentionDays: inputs.retentionDays,
          draftDays: inputs.draftDays,
          spoolFolder: store.incoming,
          ways: inputs.ways,
          relaySecrets: [],
          keepAlive: false,
          demonstration: false,
        },
        store,
        log: createLog({ write: () => undefined }),
      });
      const [server] = servers;
      if (server === undefined) throw new Error("a portal has a listener");
      const socketPath = join(folder, "portal.sock");
      server.listen({ path: socketPath });
      await once(server, "listening");
      return new LocalPortal(server, paths, folder, socketPath);
    } catch (cause) {
      await rm(folder, { recursive: true, force: true });
      throw cause;
    }
  }

  /** The uncompressed response to a request for `path` with the Host header `host`. */
  async get(path: string, host: string, headers: HeaderList = []): Promise<HttpResponse> {
    const others = headers.filter(([name]) => !["Host", "Accept-Encoding", "Connection"].includes(name));
    const own = [
      ["Host", host],
      ["Accept-Encoding", "identity"],
    ] as const;
    return this.#client.get(path, [...own, ...others], MAX_RESPONSE_BYTES);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
    await rm(this.#folder, { recursive: true, force: true });
  }
}

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeyPair } from "../../src/desk/index.js";
import { createLog } from "../../src/http/index.js";
import { loadTexts } from "../../src/locales/index.js";
import {
  type Answers,
  createMailServer,
  type MailConfig,
  type MailGateLimits,
  type MailServer,
  MessageIds,
  type TlsIdentity,
} from "../../src/mail/index.js";
import type { Recipient } from "../../src/openpgp/index.js";
import { Recipients } from "../../src/server/recipients/index.js";
import { openFileDrop, type Store } from "../../src/store/index.js";
import { recipientOf } from "./keys.js";
import { type OpenedCase, openAll } from "./portal.js";
import { removeFolder } from "./temporary.js";

export const STAFF = "help@example.org";
const DAY_S = 24 * 60 * 60;

export interface MailOptions {
  readonly config?: Partial<MailConfig>;
  readonly limits?: MailGateLimits;
  readonly tls?: TlsIdentity;
  readonly wrapStore?: (store: Store) => Store;
  readonly now?: () => Date;
  readonly answers?: (mail: { readonly folder: string; readonly log: string[] }) => Promise<Answers>;
  readonly readTimeoutMs?: number;
  /** Listens on every address of the machine. */
  readonly everywhere?: boolean;
}

/** A real mail server on loopback with a store and a key of its own. */
export class TestMail {
  readonly folder: string;
  readonly secretKey: string;
  readonly recipient: Recipient;
  readonly log: string[] = [];
  #server: MailServer | null = null;
  #options: MailOptions;
  readonly #first: MailOptions;
  #opened = 0;
  /** `HOST:PORT` of the listener with STARTTLS, and of the one that begins with TLS. */
  address = "";
  secureAddress = "";

  private constructor(folder: string, secretKey: string, recipient: Recipient, options: MailOptions) {
    this.folder = folder;
    this.secretKey = secretKey;
    this.recipient = recipient;
    this.#options = options;
    this.#first = options;
  }

  static async start(options: MailOptions = {}): Promise<TestMail> {
    const folder = await mkdtemp(join(tmpdir(), "postern-mail-"));
    const pair = await createKeyPair({
      profile: "gnupg",
      userId: { name: "test" },
      passphrase: "",
      lifetime: 100 * DAY_S,
    });
    const mail = new TestMail(folder, pair.secretKey, await recipientOf(pair), options);
    await mail.begin();
    return mail;
  }

  /** Starts the server over what is in the folder. */
  async begin(options: MailOptions = this.#options): Promise<void> {
    this.#options = options;
    const data = join(this.folder, "data");
    const store = await openFileDrop(data, "mail", options.now);
    this.#server = createMailServer({
      config: {
        addresses: [STAFF, "letters@example.org"],
        protocol: "smtp",
        maxMessage: 50 * 1024 ** 2,
        maxFiles: 100,
        requireTls: false,
        resolvers: null,
        minFree: 0,
        maxStore: null,
        maxIncoming: 32 * 1024 ** 3,
        spoolFolder: store.incoming,
        ...options.config,
      },
      store: options.wrapStore?.(store) ?? store,
      recipients: new Recipients([this.recipient]),
      ids: await MessageIds.open(join(data, "mail-ids.json"), options.now),
      texts: loadTexts(),
      log: createLog({ write: (line: string) => void this.log.push(line) }),
      tls: options.tls ?? null,
      ...(options.answers && { answers: await options.answers(this) }),
      ...(options.readTimeoutMs !== undefined && { readTimeoutMs: options.readTimeoutMs }),
      ...(options.limits && { limits: options.limits }),
      ...(options.now && { now: options.now }),
    });
    this.address = await listenAnywhere(this.#server.plain.server, options.everywhere ? "0.0.0.0" : undefined);
    if (this.#server.secure !== null) this.secureAddress = await listenAnywhere(this.#server.secure.server);
  }

  get server(): MailServer {
    if (this.#server === null) throw new Error("the mail server does not run");
    return this.#server;
  }

  /** Opens everything that is stored, as staff would. */
  async open(): Promise<OpenedCase[]> {
    this.#opened += 1;
    return openAll(join(this.folder, "data/submissions"), this.secretKey, join(this.folder, `cases-${this.#opened}`));
  }

  stored(): Promise<string[]> {
    return readdir(join(this.folder, "data/submissions"));
  }

  /** Takes away everything that is stored. */
  async empty(): Promise<void> {
    for (const name of await this.stored()) await rm(join(this.folder, "data/submissions", name));
  }

  /** With nothing stored and nothing said, and as it was started, for the next test. */
  async renew(): Promise<void> {
    if (this.#server === null || this.#options !== this.#first) {
      await this.end();
      await rm(join(this.folder, "data"), { recursive: true, force: true });
      await this.begin(this.#first);
    }
    await this.empty();
    this.log.length = 0;
  }

  underWay(): Promise<string[]> {
    return readdir(join(this.folder, "data/mail"));
  }

  /** Ends the server, and leaves what it has stored. */
  async end(timeoutMs = 1): Promise<void> {
    await this.#server?.close(timeoutMs);
    this.#server = null;
  }

  async stop(): Promise<void> {
    await this.end();
    await removeFolder(this.folder);
  }
}

async function listenAnywhere(server: Server, host = "127.0.0.1"): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const bound = server.address();
  return `127.0.0.1:${typeof bound === "object" && bound !== null ? bound.port : 0}`;
}

/** A port on which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const address = await listenAnywhere(server);
  await new Promise((resolve) => server.close(resolve));
  return Number(address.split(":")[1]);
}

/** A message with these headers and parts. */
export function mimeMessage(headers: readonly string[], ...parts: readonly (readonly [string, string | Uint8Array])[]) {
  const boundary = "=_boundary_of_the_test";
  const head = [
    "Date: Thu, 26 Nov 2026 10:00:00 +0300",
    "MIME-Version: 1.0",
    ...headers,
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
  ];
  const bodies = parts.map(([about, contents]) =>
    Buffer.concat([Buffer.from(`--${boundary}\r\n${about}\r\n\r\n`), Buffer.from(contents), Buffer.from("\r\n")]),
  );
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), ...bodies, Buffer.from(`--${boundary}--\r\n`)]);
}

export function base64(bytes: Uint8Array): string {
  return (
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,76}/g) ?? []
  ).join("\r\n");
}

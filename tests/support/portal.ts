import { mkdir, mkdtemp, readdir, readFile } from "node:fs/promises";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPrivateKey } from "openpgp";
import type { SubmissionRecord } from "../../src/core/index.js";
import { createKeyPair, findSubmissions, type KeyPair, keyOpener, openSubmissions } from "../../src/desk/index.js";
import { readOwnForm } from "../../src/form/index.js";
import { createLog } from "../../src/http/index.js";
import type { Texts } from "../../src/locales/index.js";
import type { Recipient } from "../../src/openpgp/index.js";
import {
  createPortal,
  type FixedPath,
  GATE_LIMITS,
  type GateLimits,
  type ServerConfig,
  type UploadStore,
} from "../../src/server/index.js";
import { Recipients } from "../../src/server/recipients/index.js";
import { openFileStore } from "../../src/store/index.js";
import { exportAll } from "./bucket.js";
import { recipientOf } from "./keys.js";
import { closeNow, countAnswering, listenLocally } from "./loopback.js";
import { makeBucket } from "./object-store.js";
import { removeFolder } from "./temporary.js";

export interface OpenedCase {
  readonly folder: string;
  readonly record: SubmissionRecord;
  readonly letter: string;
  /** Contents by name as given, in order. */
  readonly files: readonly { readonly entry: string; readonly name: string; readonly contents: Buffer }[];
}

export interface TestPortal {
  readonly url: string;
  /** Everything the portal may write: its store, and nothing else. */
  readonly folder: string;
  readonly store: UploadStore;
  /** The recipient's secret key, armored and without a passphrase. */
  readonly secretKey: string;
  readonly recipient: Recipient;
  /** What the operator's log says. */
  readonly log: string[];
  /** Every path whose answer is the same for everyone. */
  readonly paths: readonly FixedPath[];
  /** Every route. */
  readonly routes: readonly string[];
  /** What requests hold. */
  readonly census: () => Readonly<Record<string, number>>;
  readonly server: Server;
  /** Opens everything that was stored, as staff would. */
  readonly open: () => Promise<OpenedCase[]>;
  /** Names of what lies in the store: stored, and under way. */
  readonly stored: () => Promise<string[]>;
  readonly underWay: () => Promise<string[]>;
  /** How many requests the portal is answering now. */
  readonly answering: () => number;
  readonly stop: () => Promise<void>;
}

export interface PortalOptions {
  readonly config?: Partial<ServerConfig>;
  readonly wrapStore?: (store: UploadStore) => UploadStore;
  readonly now?: () => Date;
  /** The day of the newest submission that the store had before. */
  readonly newestDay?: string;
  readonly limits?: Partial<GateLimits>;
  readonly texts?: ReadonlyMap<string, Texts>;
  /** The operator's questions, as the file has them. */
  readonly form?: string;
  /** Seconds that the recipient's key lives. */
  readonly lifetime?: number;
  /** A recipient's key pair, instead of a new one for GnuPG. */
  readonly pair?: Pick<KeyPair, "certificate" | "secretKey">;
  /** Other recipients than that of the pair. */
  readonly recipients?: Recipients;
  /** An existing folder for the store, instead of a new one. */
  readonly folder?: string;
}

const PATIENT = { maxDelayMs: Number.POSITIVE_INFINITY, maxMemoryBytes: Number.POSITIVE_INFINITY };
const YEAR = 365 * 24 * 60 * 60;

/** A real portal on loopback with a store and a key of its own. */
export async function startTestPortal(options: PortalOptions = {}): Promise<TestPortal> {
  const base = await mkdtemp(join(tmpdir(), "postern-test-"));
  const folder = options.folder ?? join(base, "data");
  const pair =
    options.pair ??
    (await createKeyPair({
      profile: "gnupg",
      userId: { name: "test" },
      passphrase: "",
      lifetime: options.lifetime ?? YEAR,
    }));
  const recipient = await recipientOf(pair);
  const recipients = options.recipients ?? new Recipients([recipient]);
  const place = await openPlace(folder, options.now);
  const { store } = place;
  const log: string[] = [];
  const config: ServerConfig = {
    organisation: null,
    about: null,
    addresses: null,
    answerDays: null,
    onion: null,
    maxSubmission: 2 * 1024 ** 3,
    maxFiles: 100,
    minFree: 0,
    maxStore: null,
    maxIncoming: 32 * 1024 ** 3,
    clients: "socket",
    retentionDays: null,
    draftDays: null,
    spoolFolder: place.spool,
    ways: null,
    relaySecrets: [],
    keepAlive: false,
    demonstration: false,
    ...options.config,
  };
  const { servers, census, paths, routes } = createPortal({
    config,
    store: options.wrapStore?.(store) ?? store,
    portalSalt: await store.mailboxes.portalSalt(),
    recipients,
    log: createLog({ write: (line: string) => void log.push(line) }),
    codesAhead: 0,
    // A machine that is busy with other tests makes a portal late that nobody presses, and what other tests of this
    // process have left in memory would close it.
    limits: { ...GATE_LIMITS, ...PATIENT, ...options.limits },
    ...(options.now === undefined ? {} : { now: options.now }),
    newestDay: options.newestDay ?? null,
    ...(options.texts === undefined ? {} : { texts: options.texts }),
    ...(options.form === undefined ? {} : { form: readOwnForm(options.form, ["ru", "uk", "en"]) }),
  });
  const [server] = servers;
  if (server === undefined) throw new Error("a portal has a listener");
  const answering = countAnswering(server);
  return {
    url: await listenLocally(server),
    folder,
    store,
    secretKey: pair.secretKey,
    recipient,
    log,
    paths,
    routes,
    census,
    server,
    open: async () => {
      await place.stored();
      return openAll(join(folder, "submissions"), pair.secretKey, join(base, "cases"));
    },
    stored: place.stored,
    underWay: () => readdir(place.spool),
    answering,
    stop: async () => {
      await closeNow(server);
      await removeFolder(base);
    },
  };
}

/** Where a test portal stores: a folder, or a bucket with POSTERN_TEST_STORE=s3 (see vitest.config.ts). */
interface Place {
  readonly store: UploadStore;
  readonly spool: string;
  /** Names of the submissions, which are all in the folder's `submissions` when it resolves. */
  readonly stored: () => Promise<string[]>;
}

async function openPlace(folder: string, now?: () => Date): Promise<Place> {
  const submissions = join(folder, "submissions");
  if (process.env.POSTERN_TEST_STORE !== "s3") {
    const store = await openFileStore(folder, now);
    return { store, spool: store.incoming, stored: () => readdir(submissions) };
  }
  const store = await (await makeBucket()).open(now);
  const spool = join(folder, "spool");
  await mkdir(spool, { recursive: true });
  const stored = async () => {
    await exportAll(store, submissions);
    return readdir(submissions);
  };
  return { store, spool, stored };
}

/** Opens what lies in `inbox`, as staff do. */
export async function openAll(inbox: string, key: string, out: string): Promise<OpenedCase[]> {
  const opener = keyOpener([await readPrivateKey({ armoredKey: key })]);
  const cases: OpenedCase[] = [];
  for await (const outcome of openSubmissions(await findSubmissions([inbox]), { opener, out })) {
    if (outcome.kind === "failed") throw outcome.cause;
    const before = cases.findIndex(({ folder }) => outcome.kind === "moved" && folder === outcome.file);
    cases.splice(before === -1 ? cases.length : before, 1, await readCase(outcome.folder));
  }
  return cases;
}

/** Reads a folder that a submission was unpacked to. */
export async function readCase(folder: string): Promise<OpenedCase> {
  const record = JSON.parse(await readFile(join(folder, "submission.json"), "utf8")) as SubmissionRecord;
  const files = await Promise.all(
    record.files.map(async ({ entry, name }) => ({ entry, name, contents: await readFile(join(folder, entry)) })),
  );
  return { folder, record, letter: await readFile(join(folder, "letter.txt"), "utf8"), files };
}

/** A form as a browser sends it. */
export function formOf(fields: Readonly<Record<string, string>>, files: readonly File[] = []): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const file of files) form.append("documents", file);
  return form;
}

/** Waits until `condition` holds: for what the server does after its answer has gone. */
export async function eventually(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (let attempt = 0; attempt < 1_000; attempt += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`it never came true that ${what}`);
}

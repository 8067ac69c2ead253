import { join, resolve } from "node:path";
import { z } from "zod";
import { DAY_MS, Fault } from "../core/index.js";
import { type Environment, SecretFileError, withSecretFiles } from "./secret-files.js";

/** Where to listen: a TCP address, or a Unix socket's path. */
export type ListenAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/** Where ciphertext rests: a folder of this machine, or a bucket of an object store. */
export type StoreLocation =
  | { readonly kind: "file"; readonly folder: string }
  | {
      readonly kind: "s3";
      readonly bucket: string;
      /** Empty, or ending with a slash. */
      readonly prefix: string;
      /** Address of a server other than AWS's, or null. */
      readonly endpoint: string | null;
      readonly region: string;
    };

export interface Config {
  readonly listen: ListenAddress;
  readonly keys: string;
  readonly store: StoreLocation;
  /** Folder of this machine for the encrypted temporary files of letters under way, where the store is none. */
  readonly spool: string;
  /** File with the operator's questions, or null for the default ones. */
  readonly form: string | null;
  readonly organisation: string | null;
  /** Folder of the signed manifest, or null for none. */
  readonly manifest: string | null;
  readonly onion: string | null;
  /** Where the staff's server listens, or null for not at all. */
  readonly pickupListen: ListenAddress | null;
  /** Folder of who the staff are and what they did. */
  readonly staff: string;
  readonly notify: {
    readonly webhook: string | null;
    readonly mail: { readonly server: string; readonly from: string; readonly to: string } | null;
    /** Most often once in so many hours. */
    readonly hours: number;
  };
  readonly maxSubmission: number;
  readonly maxFiles: number;
  readonly minFree: number;
  readonly maxStore: number | null;
  readonly maxIncoming: number;
  readonly clients: "socket" | "proxy_protocol" | "forwarded";
  /** How many days a reply is kept, or null for ever. */
  readonly retentionDays: number | null;
  /** How long, at the end, what is under way may take to finish. */
  readonly drainSeconds: number;
}

export class ConfigError extends Fault<"invalid_configuration"> {}

/** With its padding it must stay under what the desk opens (4 GiB, docs/FORMAT.md); three digits number the documents. */
const LARGEST_SUBMISSION = 3840 * 1024 ** 2;
const MOST_FILES = 999;
/** A hundred years of days. */
const LONGEST_RETENTION = 36_500;
/** A day of seconds. */
const LONGEST_DRAIN = DAY_MS / 1000;
/** Hours that a timer can still wait for twice. */
const LONGEST_INTERVAL = 240;

const FACTORS: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

const size = z
  .string()
  .regex(/^\d{1,15}(B|KiB|MiB|GiB|TiB)?$/, "expected a size such as 500MiB or 2GiB")
  .transform((text) => Number.parseInt(text, 10) * (FACTORS[text.replace(/^\d+/, "")] ?? 1));

const listen = z.string().transform((text, context): ListenAddress => {
  if (text.startsWith("unix:") && text.length > 5) return { path: resolve(text.slice(5)) };
  const match = /^(?:\[([0-9a-f:]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    context.addIssue({ code: "custom", message: "expected ADDRESS:PORT, [IPv6]:PORT or unix:/PATH" });
    return z.NEVER;
  }
  return { host: match[1] ?? match[2] ?? "", port };
});

/** Bucket names as S3 has them; a prefix of names that no proxy or tool takes for anything else. */
const S3_PLACE = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[A-Za-z0-9._-]+)*)\/?$/;

const store = z.string().transform((text, context): string | { readonly bucket: string; readonly prefix: string } => {
  if (/^file:.+$/.test(text)) return resolve(text.slice("file:".length));
  const [, bucket, path = ""] = S3_PLACE.exec(text) ?? [];
  if (bucket !== undefined && !/\/\.{1,2}(?:\/|$)/.test(path)) {
    return { bucket, prefix: path === "" ? "" : `${path.slice(1)}/` };
  }
  context.addIssue({ code: "custom", message: "expected file:FOLDER or s3://BUCKET/PREFIX" });
  return z.NEVER;
});

const schema = z.object({
  POSTERN_LISTEN: listen.prefault("127.0.0.1:3000"),
  POSTERN_KEYS: z
    .string()
    .min(1)
    .default("keys")
    .transform((path) => resolve(path)),
  POSTERN_STORE: store.prefault("file:data"),
  POSTERN_S3_ENDPOINT: z
    .url({ protocol: /^https?$/, error: "expected an address that begins with https://" })
    .optional(),
  POSTERN_SPOOL: z
    .string()
    .min(1)
    .default("spool")
    .transform((path) => resolve(path)),
  POSTERN_FORM: z
    .string()
    .default("")
    .transform((path) => (path === "" ? null : resolve(path))),
  POSTERN_MANIFEST: z
    .string()
    .default("")
    .transform((path) => (path === "" ? null : resolve(path))),
  POSTERN_ORGANISATION: z.string().trim().max(200).default(""),
  POSTERN_ONION: z
    .string()
    .regex(/^(?:[a-z2-7]{56}\.onion)?$/, "expected the host name of an onion service, such as 56 letters.onion")
    .default(""),
  POSTERN_MAX_SUBMISSION: size
    .pipe(
      z
        .number()
        .min(64 * 1024, "expected at least 64KiB")
        .max(LARGEST_SUBMISSION, "expected at most 3840MiB"),
    )
    .prefault("2GiB"),
  POSTERN_MAX_FILES: z.coerce.number("expected a number").int().min(1).max(MOST_FILES).default(100),
  POSTERN_MIN_FREE: size.prefault("1GiB"),
  POSTERN_MAX_STORE: size.optional(),
  POSTERN_MAX_INCOMING: size.prefault("32GiB"),
  POSTERN_PROXY_PROTOCOL: z.enum(["yes", "no"], "expected yes or no").default("no"),
  POSTERN_TRUST_PROXY: z.enum(["yes", "no"], "expected yes or no").default("no"),
  POSTERN_PICKUP_LISTEN: listen.optional(),
  POSTERN_PICKUP_PUBLIC: z.enum(["yes", "no"], "expected yes or no").default("no"),
  POSTERN_STAFF: z
    .string()
    .min(1)
    .default("staff")
    .transform((path) => resolve(path)),
  POSTERN_NOTIFY_WEBHOOK: z
    .url({ protocol: /^https?$/, error: "expected an address that begins with https://" })
    .optional(),
  POSTERN_NOTIFY_EMAIL: z.email("expected an e-mail address").optional(),
  POSTERN_NOTIFY_FROM: z.email("expected an e-mail address").optional(),
  POSTERN_NOTIFY_SMTP: z.url({ protocol: /^smtps?$/, error: "expected smtp://USER:PASSWORD@HOST:PORT" }).optional(),
  POSTERN_NOTIFY_HOURS: z.coerce.number("expected a number").int().min(1).max(LONGEST_INTERVAL).default(24),
  POSTERN_RETENTION_DAYS: z.coerce.number("expected a number").int().min(1).max(LONGEST_RETENTION).optional(),
  POSTERN_DRAIN_SECONDS: z.coerce.number("expected a number").int().min(0).max(LONGEST_DRAIN).default(60),
});

const NAMES = Object.keys(schema.shape);

/**
 * Reads the configuration from `environment`; a variable that is set but empty counts as not set.
 * @throws ConfigError that names every fault at once, unknown POSTERN_ variables among them
 */
export function readConfig(environment: Environment): Config {
  let whole: Environment;
  try {
    whole = withSecretFiles(environment);
  } catch (cause) {
    if (!(cause instanceof SecretFileError)) throw cause;
    throw new ConfigError("invalid_configuration", cause.message, { cause });
  }
  const given = Object.entries(whole).filter(([name, value]) => name.startsWith("POSTERN_") && value !== "");
  const unknown = given.filter(([name]) => !NAMES.includes(name)).map(([name]) => `${name}: there is no such setting`);
  const read = schema.safeParse(Object.fromEntries(given));
  const invalid = read.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
  const settings = read.data;
  const contradictory = settings === undefined ? [] : contradictions(settings);
  if (settings === undefined || unknown.length > 0 || contradictory.length > 0) {
    throw new ConfigError("invalid_configuration", [...invalid, ...contradictory, ...unknown].join("\n"));
  }
  const { POSTERN_NOTIFY_SMTP: server, POSTERN_NOTIFY_FROM: from, POSTERN_NOTIFY_EMAIL: to } = settings;
  return {
    listen: settings.POSTERN_LISTEN,
    keys: settings.POSTERN_KEYS,
    store: storeLocation(settings, environment),
    spool: settings.POSTERN_SPOOL,
    form: settings.POSTERN_FORM,
    manifest: settings.POSTERN_MANIFEST,
    organisation: settings.POSTERN_ORGANISATION === "" ? null : settings.POSTERN_ORGANISATION,
    onion: settings.POSTERN_ONION === "" ? null : settings.POSTERN_ONION,
    pickupListen: settings.POSTERN_PICKUP_LISTEN ?? null,
    staff: settings.POSTERN_STAFF,
    notify: {
      webhook: settings.POSTERN_NOTIFY_WEBHOOK ?? null,
      mail: server && from && to ? { server, from, to } : null,
      hours: settings.POSTERN_NOTIFY_HOURS,
    },
    maxSubmission: settings.POSTERN_MAX_SUBMISSION,
    maxFiles: settings.POSTERN_MAX_FILES,
    minFree: settings.POSTERN_MIN_FREE,
    maxStore: settings.POSTERN_MAX_STORE ?? null,
    maxIncoming: settings.POSTERN_MAX_INCOMING,
    clients: clientSource(settings),
    retentionDays: settings.POSTERN_RETENTION_DAYS ?? null,
    drainSeconds: settings.POSTERN_DRAIN_SECONDS,
  };
}

/** Where AWS's own tools would look for the region; a server of another kind takes any. */
function storeLocation(settings: z.output<typeof schema>, environment: Environment): StoreLocation {
  const { POSTERN_STORE: store, POSTERN_S3_ENDPOINT: endpoint = null } = settings;
  if (typeof store === "string") return { kind: "file", folder: store };
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION || "us-east-1";
  return { kind: "s3", ...store, endpoint, region };
}

/** The folder of this machine that the portal writes to: the store, or the spool beside an object store. */
export function localFolder({ store, spool }: Pick<Config, "store" | "spool">): string {
  return store.kind === "file" ? store.folder : spool;
}

/** Settings that are each well formed and do not go together. */
function contradictions(settings: z.output<typeof schema>): string[] {
  const found: string[] = [];
  const { POSTERN_PICKUP_LISTEN: listen, POSTERN_PICKUP_PUBLIC: open } = settings;
  if (listen !== undefined && open === "no" && !isPrivate(listen)) {
    found.push(
      "POSTERN_PICKUP_LISTEN: this address can be reached from outside; use 127.0.0.1 or a unix socket behind an onion " +
        "service, or set POSTERN_PICKUP_PUBLIC=yes if you know better",
    );
  }
  if (settings.POSTERN_PROXY_PROTOCOL === "yes" && settings.POSTERN_TRUST_PROXY === "yes") {
    found.push("POSTERN_TRUST_PROXY: it says the same as POSTERN_PROXY_PROTOCOL in another way; set one of them");
  }
  if (settings.POSTERN_S3_ENDPOINT !== undefined && typeof settings.POSTERN_STORE === "string") {
    found.push("POSTERN_S3_ENDPOINT: it says nothing where POSTERN_STORE is a folder; unset it, or set s3://BUCKET");
  }
  const mail = ["POSTERN_NOTIFY_EMAIL", "POSTERN_NOTIFY_FROM", "POSTERN_NOTIFY_SMTP"] as const;
  const missing = mail.filter((name) => settings[name] === undefined);
  if (missing.length > 0 && missing.length < mail.length) {
    found.push(...missing.map((name) => `${name}: it is needed to notify by e-mail`));
  }
  if (missing.length < mail.length || settings.POSTERN_NOTIFY_WEBHOOK !== undefined) {
    if (listen === undefined) found.push("POSTERN_PICKUP_LISTEN: it must be set where staff are to be notified");
  }
  return found;
}

function clientSource(settings: z.output<typeof schema>): Config["clients"] {
  if (settings.POSTERN_PROXY_PROTOCOL === "yes") return "proxy_protocol";
  return settings.POSTERN_TRUST_PROXY === "yes" ? "forwarded" : "socket";
}

function isPrivate(address: ListenAddress): boolean {
  return "path" in address || /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/i.test(address.host);
}

/** Whether `path` lies in `folder` or is it. */
export function isInside(path: string, folder: string): boolean {
  return `${resolve(path)}/`.startsWith(join(resolve(folder), "/"));
}

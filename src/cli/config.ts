import { resolve } from "node:path";
import { Fault } from "../core/index.js";
import type { Ways } from "../server/index.js";
import { contradictions } from "./contradictions.js";
import type { ListenAddress } from "./listen-address.js";
import { type Environment, SecretFileError, secretFilesIn, withSecretFiles } from "./secret-files.js";
import { parseSettings, SETTINGS, type Settings } from "./settings.js";
import { type StoreLocation, storeLocation } from "./store-location.js";

/** The configuration of the online side. Sizes are in bytes; docs/CONFIGURATION.md says what each setting means. */
export interface Config {
  readonly listen: ListenAddress;
  /** Where Tor connects, with a PROXY line; null where one listener serves all. */
  readonly onionListen: ListenAddress | null;
  readonly keys: string;
  readonly store: StoreLocation;
  readonly spool: string;
  readonly form: string | null;
  readonly organisation: string | null;
  /** A file with what the operator says about the people behind the site, or null. */
  readonly aboutFile: string | null;
  readonly addresses: string | null;
  readonly answerDays: number | null;
  readonly draftDays: number | null;
  readonly manifest: string | null;
  readonly onion: string | null;
  /** How the offline form may send; null where it only makes files. */
  readonly ways: Ways | null;
  /** What each relay proves by that it may say who its visitors are. */
  readonly relaySecrets: readonly Uint8Array[];
  /** Files that hold keys and passwords. */
  readonly secretFiles: readonly string[];
  readonly pickupListen: ListenAddress | null;
  readonly staff: string;
  readonly notify: {
    readonly webhook: string | null;
    readonly mail: { readonly server: string; readonly from: string; readonly to: string } | null;
    readonly hours: number;
  };
  /** Letters by email, or null where none are taken. */
  readonly mail: MailSettings | null;
  readonly maxSubmission: number;
  readonly maxFiles: number;
  readonly minFree: number;
  readonly maxStore: number | null;
  readonly maxIncoming: number;
  /** What tells visitors apart: the connection, a PROXY line, or X-Forwarded-For. */
  readonly clients: "socket" | "proxy_protocol" | "forwarded";
  readonly retentionDays: number | null;
  /** Whether connections of the clear net stay open after an answer. */
  readonly keepAlive: boolean;
  /** A folder with the client's scripts of earlier versions, or null for the one of this installation. */
  readonly earlierScripts: string | null;
  readonly drainSeconds: number;
  /** Whether systemd waits to be told that this process answers: it sets NOTIFY_SOCKET. */
  readonly awaited: boolean;
}

export interface MailSettings {
  readonly listen: ListenAddress;
  /** Where connections begin with TLS, or null. */
  readonly tlsListen: ListenAddress | null;
  readonly protocol: "smtp" | "lmtp";
  /** In lower case. */
  readonly addresses: readonly string[];
  /** Files in PEM; `certificate` is null without TLS. */
  readonly certificate: string | null;
  readonly key: string;
  readonly requireTls: boolean;
  readonly maxMessage: number;
  /** Addresses of resolvers to check senders with, empty for those of the machine; null where none is checked. */
  readonly resolvers: readonly string[] | null;
  /** Where answers go out, and the portal's address in them; null where nobody gets an answer. */
  readonly answer: { readonly server: string; readonly site: string } | null;
}

export class ConfigError extends Fault<"invalid_configuration"> {}

/**
 * Reads the configuration from `environment`; a variable that is set but empty counts as unset.
 * @throws ConfigError that names every fault at once, including unknown POSTERN_ variables
 */
export function readConfig(environment: Environment): Config {
  let complete: Environment;
  try {
    complete = withSecretFiles(environment);
  } catch (cause) {
    if (!(cause instanceof SecretFileError)) throw cause;
    throw new ConfigError("invalid_configuration", cause.message, { cause });
  }
  const given = Object.entries(complete).filter(([name, value]) => name.startsWith("POSTERN_") && value !== "");
  const unknown = given
    .filter(([name]) => !Object.hasOwn(SETTINGS, name))
    .map(([name]) => `${name}: no such setting; docs/CONFIGURATION.md lists all of them`);
  const { settings, faults } = parseSettings(Object.fromEntries(given));
  const problems = [...faults, ...(settings === null ? [] : contradictions(settings)), ...unknown];
  if (settings === null || problems.length > 0) throw new ConfigError("invalid_configuration", problems.join("\n"));
  return toConfig(settings, environment);
}

function toConfig(settings: Settings, environment: Environment): Config {
  const { POSTERN_NOTIFY_SMTP: server, POSTERN_NOTIFY_FROM: from, POSTERN_NOTIFY_EMAIL: to } = settings;
  return {
    listen: settings.POSTERN_LISTEN,
    onionListen: settings.POSTERN_ONION_LISTEN,
    keys: settings.POSTERN_KEYS,
    store: storeLocation(settings.POSTERN_STORE, settings.POSTERN_S3_ENDPOINT, environment),
    spool: settings.POSTERN_SPOOL,
    form: settings.POSTERN_FORM,
    aboutFile: settings.POSTERN_ABOUT,
    addresses: settings.POSTERN_ADDRESSES,
    answerDays: settings.POSTERN_ANSWER_DAYS,
    draftDays: settings.POSTERN_DRAFT_DAYS,
    manifest: settings.POSTERN_MANIFEST,
    organisation: settings.POSTERN_ORGANISATION,
    onion: settings.POSTERN_ONION,
    ways: waysOf(settings),
    relaySecrets: settings.POSTERN_RELAY_SECRETS ?? [],
    secretFiles: secretFilesIn(environment).map((path) => resolve(path)),
    pickupListen: settings.POSTERN_PICKUP_LISTEN,
    staff: settings.POSTERN_STAFF,
    notify: {
      webhook: settings.POSTERN_NOTIFY_WEBHOOK,
      mail: server !== null && from !== null && to !== null ? { server, from, to } : null,
      hours: settings.POSTERN_NOTIFY_HOURS,
    },
    mail: mailSettings(settings),
    maxSubmission: settings.POSTERN_MAX_SUBMISSION,
    maxFiles: settings.POSTERN_MAX_FILES,
    minFree: settings.POSTERN_MIN_FREE,
    maxStore: settings.POSTERN_MAX_STORE,
    maxIncoming: settings.POSTERN_MAX_INCOMING,
    clients: clientSource(settings),
    retentionDays: settings.POSTERN_RETENTION_DAYS,
    keepAlive: settings.POSTERN_KEEP_ALIVE,
    earlierScripts: settings.POSTERN_EARLIER_SCRIPTS,
    drainSeconds: settings.POSTERN_DRAIN_SECONDS,
    awaited: (environment.NOTIFY_SOCKET ?? "") !== "",
  };
}

function waysOf(settings: Settings): Ways | null {
  const { POSTERN_RELAYS: addresses, POSTERN_RECEIPT_KEY: key, POSTERN_MAILBOX_KEY: mailboxKey } = settings;
  return addresses === null || key === null ? null : { addresses, key, mailboxKey };
}

function mailSettings(settings: Settings): MailSettings | null {
  const { POSTERN_MAIL_LISTEN: listen, POSTERN_MAIL_ANSWER: answer } = settings;
  const { POSTERN_MAIL_SMTP: server, POSTERN_MAIL_SITE: site } = settings;
  if (listen === null) return null;
  return {
    listen,
    tlsListen: settings.POSTERN_MAIL_TLS_LISTEN,
    protocol: settings.POSTERN_MAIL_PROTOCOL,
    addresses: settings.POSTERN_MAIL_ADDRESSES ?? [],
    certificate: settings.POSTERN_MAIL_CERTIFICATE,
    key: settings.POSTERN_MAIL_KEY ?? "",
    requireTls: settings.POSTERN_MAIL_REQUIRE_TLS,
    maxMessage: settings.POSTERN_MAIL_MAX_MESSAGE,
    resolvers: settings.POSTERN_MAIL_CHECK_SENDER ? (settings.POSTERN_MAIL_RESOLVER ?? []) : null,
    answer: answer === "receipt" && server !== null && site !== null ? { server, site } : null,
  };
}

function clientSource(settings: Settings): Config["clients"] {
  if (settings.POSTERN_PROXY_PROTOCOL) return "proxy_protocol";
  return settings.POSTERN_TRUST_PROXY ? "forwarded" : "socket";
}

import { z } from "zod";
import { DAY_MS } from "../core/index.js";
import {
  addresses,
  listenAddress,
  mailAddress,
  mailAddresses,
  mailAnswer,
  mailProtocol,
  mailServer,
  onionHost,
  organisationName,
  path,
  relaySecrets,
  resolvers,
  siteAddress,
  size,
  webAddress,
  webhook,
  wholeNumber,
  yesOrNo,
} from "./setting-parsers.js";
import { storeUrl } from "./store-location.js";
import { mailboxKey, receiptKey, wayAddresses } from "./way-parsers.js";

/** With its padding a submission must stay below the 4 GiB that the desk opens (docs/FORMAT.md). */
const MAX_SUBMISSION_BYTES = 3840 * 1024 ** 2;
const MIN_SUBMISSION_BYTES = 64 * 1024;
const MAX_MAIL_BYTES = 100 * 1024 ** 2;
/** Documents are numbered with three digits. */
const MAX_FILES = 999;
const MAX_ANSWER_DAYS = 365;
const MAX_DRAFT_DAYS = 90;
const MAX_RETENTION_DAYS = 36_500;
const MAX_DRAIN_SECONDS = DAY_MS / 1000;
/** Twice this interval still fits in a timer's 31 bits of milliseconds. */
const MAX_NOTIFY_HOURS = 240;

const submissionSize = size.pipe(
  z.number().min(MIN_SUBMISSION_BYTES, "expected at least 64KiB").max(MAX_SUBMISSION_BYTES, "expected at most 3840MiB"),
);

/** The largest message is in memory while it is parsed. */
const mailSize = size.pipe(
  z.number().min(MIN_SUBMISSION_BYTES, "expected at least 64KiB").max(MAX_MAIL_BYTES, "expected at most 100MiB"),
);

/** A setting that always has a value. */
const required = <Value>(fallback: string, parse: z.ZodType<Value>) => ({ default: fallback, parse });
/** A setting that is null while it is unset. */
const optional = <Value>(parse: z.ZodType<Value>) => ({ default: null, parse });

/** Every variable that Postern reads, with its default as text and its parser. docs/CONFIGURATION.md explains them. */
export const SETTINGS = {
  POSTERN_LISTEN: required("127.0.0.1:3000", listenAddress),
  POSTERN_ONION_LISTEN: optional(listenAddress),
  POSTERN_KEYS: required("keys", path),
  POSTERN_STORE: required("file:data", storeUrl),
  POSTERN_S3_ENDPOINT: optional(webAddress),
  POSTERN_SPOOL: required("spool", path),
  POSTERN_FORM: optional(path),
  POSTERN_MANIFEST: optional(path),
  POSTERN_ORGANISATION: optional(organisationName),
  POSTERN_ABOUT: optional(path),
  POSTERN_ADDRESSES: optional(addresses),
  POSTERN_ANSWER_DAYS: optional(wholeNumber(1, MAX_ANSWER_DAYS)),
  POSTERN_DRAFT_DAYS: optional(wholeNumber(1, MAX_DRAFT_DAYS)),
  POSTERN_ONION: optional(onionHost),
  POSTERN_RELAYS: optional(wayAddresses),
  POSTERN_RECEIPT_KEY: optional(receiptKey),
  POSTERN_MAILBOX_KEY: optional(mailboxKey),
  POSTERN_RELAY_SECRETS: optional(relaySecrets),
  POSTERN_MAX_SUBMISSION: required("2GiB", submissionSize),
  POSTERN_MAX_FILES: required("100", wholeNumber(1, MAX_FILES)),
  POSTERN_MIN_FREE: required("1GiB", size),
  POSTERN_MAX_STORE: optional(size),
  POSTERN_MAX_INCOMING: required("32GiB", size),
  POSTERN_PROXY_PROTOCOL: required("no", yesOrNo),
  POSTERN_TRUST_PROXY: required("no", yesOrNo),
  POSTERN_KEEP_ALIVE: required("no", yesOrNo),
  POSTERN_EARLIER_SCRIPTS: optional(path),
  POSTERN_PICKUP_LISTEN: optional(listenAddress),
  POSTERN_PICKUP_PUBLIC: required("no", yesOrNo),
  POSTERN_STAFF: required("staff", path),
  POSTERN_NOTIFY_WEBHOOK: optional(webhook),
  POSTERN_NOTIFY_EMAIL: optional(mailAddress),
  POSTERN_NOTIFY_FROM: optional(mailAddress),
  POSTERN_NOTIFY_SMTP: optional(mailServer),
  POSTERN_NOTIFY_HOURS: required("24", wholeNumber(1, MAX_NOTIFY_HOURS)),
  POSTERN_MAIL_LISTEN: optional(listenAddress),
  POSTERN_MAIL_TLS_LISTEN: optional(listenAddress),
  POSTERN_MAIL_PROTOCOL: required("smtp", mailProtocol),
  POSTERN_MAIL_ADDRESSES: optional(mailAddresses),
  POSTERN_MAIL_CERTIFICATE: optional(path),
  POSTERN_MAIL_KEY: optional(path),
  POSTERN_MAIL_REQUIRE_TLS: required("no", yesOrNo),
  POSTERN_MAIL_MAX_MESSAGE: required("50MiB", mailSize),
  POSTERN_MAIL_CHECK_SENDER: required("no", yesOrNo),
  POSTERN_MAIL_RESOLVER: optional(resolvers),
  POSTERN_MAIL_ANSWER: required("no", mailAnswer),
  POSTERN_MAIL_SMTP: optional(mailServer),
  POSTERN_MAIL_SITE: optional(siteAddress),
  POSTERN_RETENTION_DAYS: optional(wholeNumber(1, MAX_RETENTION_DAYS)),
  POSTERN_DRAIN_SECONDS: required("60", wholeNumber(0, MAX_DRAIN_SECONDS)),
};

export type SettingName = keyof typeof SETTINGS;

type ValueOf<Setting> = Setting extends { readonly default: infer Default; readonly parse: z.ZodType<infer Value> }
  ? Default extends null
    ? Value | null
    : Value
  : never;

/** The value of every setting. */
export type Settings = { readonly [Name in SettingName]: ValueOf<(typeof SETTINGS)[Name]> };

export interface ParsedSettings {
  /** Null if any setting is at fault. */
  readonly settings: Settings | null;
  /** One line per fault: the setting's name and what was expected. Never the value, which may be secret. */
  readonly faults: readonly string[];
}

/** Parses the texts of all settings. @param given by name; a missing one has its default */
export function parseSettings(given: Readonly<Record<string, string | undefined>>): ParsedSettings {
  const faults: string[] = [];
  const values = Object.entries(SETTINGS).map(([name, { default: fallback, parse }]) => {
    const text = given[name] ?? fallback;
    if (text === null) return [name, null];
    const read = parse.safeParse(text);
    if (!read.success) faults.push(`${name}: ${read.error.issues[0]?.message}`);
    return [name, read.data];
  });
  return { settings: faults.length > 0 ? null : (Object.fromEntries(values) as Settings), faults };
}

import { createHash } from "node:crypto";
import { z } from "zod";
import { Fault } from "../core/index.js";
import { stableJson } from "./stable-json.js";

export class ManifestError extends Fault<"unreadable" | "unsigned" | "wrong_signature" | "unusable_key"> {}

/** One answer, as the manifest describes it. */
export interface DescribedAnswer {
  readonly path: string;
  /** Whether a copy elsewhere may have it. */
  readonly copied: boolean;
  readonly contents: Uint8Array;
  /** Those that mean something, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ManifestParts {
  /** Sorted by path. */
  readonly answers: readonly DescribedAnswer[];
  readonly version: string;
  /** Where this source is had from, as WEBCAT's tools want it, or null. */
  readonly app: string | null;
  /** At which of its two addresses the portal answers so. */
  readonly address: "clear" | "onion";
  readonly fingerprints: readonly string[];
}

const CSP = "content-security-policy";
const INDEX = "index.html";
/** What a browser with WEBCAT is shown for a path that nobody has: a page without scripts. */
const FALLBACK = "/404.html";
const MOST_FILES = 2_000;

const path = z.string().regex(/^\/[\w./-]*$/);
const line = z.string().regex(/^[\x20-\x7e]{1,4096}$/);
const headers = z.record(z.string().regex(/^[a-z0-9-]+$/), line);

const schema = z.object({
  manifest: z.object({
    app: z.string().optional(),
    version: z.string(),
    default_csp: line,
    default_index: z.string(),
    default_fallback: path,
    extra_csp: z.record(path, line),
    files: z.record(path, z.string().regex(/^[\w-]{43}$/)),
    wasm: z.array(z.string()),
  }),
  postern: z.object({
    format: z.literal(1),
    address: z.enum(["clear", "onion"]),
    not_copied: z.array(path),
    keys: z.array(z.string()),
    default_headers: headers,
    extra_headers: z.record(path, headers),
  }),
});

/**
 * `manifest` is what WEBCAT's tools sign and its extension reads (docs/VERIFY.md says where its form is from); `postern` is beside it,
 * with what that form has no place for.
 */
export type Manifest = z.output<typeof schema>;

/** The digest in the manifest: SHA-256 in base64url without padding. */
export function digestOf(contents: Uint8Array): string {
  return createHash("sha256").update(contents).digest("base64url");
}

export function createManifest({ answers, version, app, address, fingerprints }: ManifestParts): Manifest {
  const fallback = answers.find(({ path }) => path === FALLBACK);
  const defaultCsp = cspWithoutFrames(answers, fallback);
  const rest = new Map(answers.map(({ path, headers: { [CSP]: _policy, ...others } }) => [path, others]));
  const [some] = rest.values();
  const shared = Object.entries(some ?? {}).filter(([name, value]) =>
    [...rest.values()].every((each) => each[name] === value),
  );
  const defaults = Object.fromEntries(shared);
  const extra = [...rest].map(([path, each]) => {
    const own = Object.entries(each).filter(([name]) => !(name in defaults));
    return [path, Object.fromEntries(own)] as const;
  });
  return {
    manifest: {
      ...(app === null ? {} : { app }),
      version,
      default_csp: defaultCsp,
      default_index: INDEX,
      default_fallback: FALLBACK,
      extra_csp: extraCsp(answers, defaultCsp),
      files: Object.fromEntries(answers.map(({ path, contents }) => [path, digestOf(contents)])),
      wasm: [],
    },
    postern: {
      format: 1,
      address,
      not_copied: answers.filter(({ copied }) => !copied).map(({ path }) => path),
      keys: [...fingerprints].sort(),
      default_headers: defaults,
      extra_headers: Object.fromEntries(extra.filter(([, own]) => Object.keys(own).length > 0)),
    },
  };
}

/** The policy that most answers have: that of whatever is by itself, such as the redirect at the root, which is in no manifest. */
function cspWithoutFrames(answers: readonly DescribedAnswer[], fallback: DescribedAnswer | undefined): string {
  const counts = new Map<string, number>();
  for (const { headers } of answers) counts.set(headers[CSP] ?? "", (counts.get(headers[CSP] ?? "") ?? 0) + 1);
  const [most] = [...counts].sort(([, left], [, right]) => right - left);
  return most?.[0] ?? fallback?.headers[CSP] ?? "";
}

/**
 * WEBCAT takes the policy of a path from its own entry, else from the longest entry that the path begins with, else the default. So a
 * path that has the default policy needs an entry as well where it begins with one that does not.
 */
function extraCsp(answers: readonly DescribedAnswer[], defaultCsp: string): Record<string, string> {
  const own = answers.filter(({ headers }) => headers[CSP] !== defaultCsp);
  const covered = answers.filter(
    ({ path, headers }) => headers[CSP] === defaultCsp && own.some((each) => path.startsWith(each.path)),
  );
  return Object.fromEntries([...own, ...covered].map(({ path, headers }) => [path, headers[CSP] ?? ""]));
}

/** The policy that the manifest demands for a path, as WEBCAT finds it. */
export function cspFor({ manifest: { extra_csp: extra, default_csp: otherwise } }: Manifest, path: string): string {
  const [longest] = Object.keys(extra)
    .filter((prefix) => path.startsWith(prefix))
    .sort((left, right) => right.length - left.length);
  return extra[path] ?? (longest === undefined ? otherwise : (extra[longest] ?? otherwise));
}

/** All headers that the manifest demands for a path. */
export function headersFor(manifest: Manifest, path: string): Readonly<Record<string, string>> {
  const { default_headers: defaults, extra_headers: extra } = manifest.postern;
  return { ...defaults, ...extra[path], [CSP]: cspFor(manifest, path) };
}

export function writeManifest(manifest: Manifest): string {
  return stableJson(manifest);
}

/** @throws ManifestError `unreadable` */
export function readManifest(text: string): Manifest {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw new ManifestError("unreadable", "the manifest is not JSON", { cause });
  }
  const read = schema.safeParse(given);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new ManifestError(
      "unreadable",
      `the manifest is not one of ours: ${issue?.path.join(".")}: ${issue?.message}`,
    );
  }
  if (Object.keys(read.data.manifest.files).length > MOST_FILES) {
    throw new ManifestError("unreadable", `the manifest names more than ${MOST_FILES} files`);
  }
  return read.data;
}

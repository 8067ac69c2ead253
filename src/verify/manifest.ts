import { createHash } from "node:crypto";
import { z } from "zod";
import { Fault } from "../core/index.js";
import { stableJson } from "./stable-json.js";

export class ManifestError extends Fault<"unreadable" | "unsigned" | "wrong_signature" | "unusable_key"> {}

export const CSP = "content-security-policy";
const MAX_FILES = 2_000;

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
    ways: z.object({ addresses: z.array(line), key: line, mailboxKey: line.nullable() }).optional(),
    default_headers: headers,
    extra_headers: z.record(path, headers),
  }),
});

/**
 * `manifest` has the form that WEBCAT's tools sign and its extension reads; docs/VERIFY.md names the sources. `postern`
 * adds what that form cannot hold.
 */
export type Manifest = z.output<typeof schema>;

/** The digest that manifests use: SHA-256 in base64url without padding. */
export function digestOf(contents: Uint8Array): string {
  return createHash("sha256").update(contents).digest("base64url");
}

/** The policy that the manifest requires for a path: its entry, else its longest prefix, else the default (WEBCAT). */
export function cspFor({ manifest: { extra_csp: extra, default_csp: otherwise } }: Manifest, path: string): string {
  const [longest] = Object.keys(extra)
    .filter((prefix) => path.startsWith(prefix))
    .sort((left, right) => right.length - left.length);
  return extra[path] ?? (longest === undefined ? otherwise : (extra[longest] ?? otherwise));
}

/** All headers that the manifest requires for a path. */
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
    const where = `${issue?.path.join(".")}: ${issue?.message}`;
    throw new ManifestError("unreadable", `this manifest was not made by postern site: ${where}`);
  }
  if (Object.keys(read.data.manifest.files).length > MAX_FILES) {
    throw new ManifestError("unreadable", `the manifest names more than ${MAX_FILES} files`);
  }
  return read.data;
}

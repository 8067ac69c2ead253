import { resolve } from "node:path";
import { z } from "zod";
import type { Environment } from "./secret-files.js";

/** Where the store is: a folder of this machine, or a bucket of an object store. */
export type StoreLocation =
  | { readonly kind: "file"; readonly folder: string }
  | {
      readonly kind: "s3";
      readonly bucket: string;
      /** Empty, or ends with a slash. */
      readonly prefix: string;
      /** URL of the object store, or null for AWS. */
      readonly endpoint: string | null;
      readonly region: string;
    };

/** What POSTERN_STORE says: a folder's path, or a bucket with a prefix. */
type StoreUrl = string | { readonly bucket: string; readonly prefix: string };

/** A bucket name as S3 allows it, and a prefix that needs no escaping in a URL or a shell. */
const S3_URL = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[A-Za-z0-9._-]+)*)\/?$/;

export const storeUrl = z.string().transform((text, context): StoreUrl => {
  if (/^file:.+$/.test(text)) return resolve(text.slice("file:".length));
  const [, bucket, path = ""] = S3_URL.exec(text) ?? [];
  if (bucket !== undefined && !/\/\.{1,2}(?:\/|$)/.test(path)) {
    return { bucket, prefix: path === "" ? "" : `${path.slice(1)}/` };
  }
  context.addIssue({ code: "custom", message: "expected file:FOLDER or s3://BUCKET/PREFIX" });
  return z.NEVER;
});

/** Takes the region from the variables that AWS's tools read; other object stores accept any. */
export function storeLocation(store: StoreUrl, endpoint: string | null, environment: Environment): StoreLocation {
  if (typeof store === "string") return { kind: "file", folder: store };
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION || "us-east-1";
  return { kind: "s3", ...store, endpoint, region };
}

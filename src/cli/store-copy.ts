import { rmdir } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../core/index.js";
import { type CopyTarget, copyStore, openFileDrop, openFileMailboxes } from "../store/index.js";
import type { Config } from "./config.js";
import { openMailboxes, openSubmissions } from "./open-store.js";
import { requireOwnerOf } from "./owner.js";
import { type StoreLocation, storeLocation, storeUrl } from "./store-location.js";

export class StoreCopyUsageError extends Fault<"not_a_store" | "same_store"> {}

export interface StoreCopyOptions {
  readonly endpoint?: string;
  readonly region?: string;
}

/** The target's own folder for what is incomplete, so that a running portal's is not touched. */
const INCOMING = "copying";

/**
 * `postern store copy`: copies submissions, replies and the portal's salt, and prints how many.
 * @throws StoreCopyUsageError, StoreCopyError, StoreError or OwnerError
 */
export async function storeCopy(config: Config, from: string, to: string, options: StoreCopyOptions): Promise<void> {
  const source = { ...config, store: locate(from, config, options) };
  const target = locate(to, config, options);
  if (JSON.stringify(source.store) === JSON.stringify(target)) {
    throw new StoreCopyUsageError("same_store", "both are the same store");
  }
  const opened = { submissions: await openSubmissions(source), mailboxes: await openMailboxes(source) };
  const { submissions, replies, known } = await copyStore(opened, (now) => openTarget(target, now));
  if (target.kind === "file") await rmdir(join(target.folder, INCOMING));
  process.stdout.write(`${submissions} submissions and ${replies} replies copied, ${known} were there already\n`);
}

function locate(text: string, { store }: Config, { endpoint, region }: StoreCopyOptions): StoreLocation {
  const parsed = storeUrl.safeParse(text);
  if (!parsed.success) {
    throw new StoreCopyUsageError("not_a_store", `${text}: expected file:FOLDER or s3://BUCKET/PREFIX`);
  }
  const known = store.kind === "s3" ? store : { endpoint: null, region: undefined };
  return storeLocation(parsed.data, endpoint ?? known.endpoint, { AWS_REGION: region ?? known.region });
}

async function openTarget(place: StoreLocation, now: () => Date): Promise<CopyTarget> {
  if (place.kind === "s3") {
    const opened = await (await import("../store/s3/index.js")).openS3Store(place, now);
    return { submissions: opened, mailboxes: opened.mailboxes };
  }
  await requireOwnerOf(place.folder);
  const submissions = await openFileDrop(place.folder, INCOMING, now);
  return { submissions, mailboxes: await openFileMailboxes(place.folder, now) };
}

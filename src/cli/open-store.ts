import { mkdir } from "node:fs/promises";
import type { Drafts, Mailboxes, Store, Submissions, Uploads } from "../store/index.js";
import type { Config } from "./config.js";
import { requireOwnerOf } from "./owner.js";

const FOLDER_MODE = 0o700;

export interface OpenedStore {
  readonly store: Store & { readonly uploads: Uploads; readonly mailboxes: Mailboxes; readonly drafts: Drafts };
  /** A folder of this machine for encrypted, unlinked temporary files. */
  readonly spoolFolder: string;
  /** A secret that all processes of one portal share; null where there is one process. */
  readonly secret: Uint8Array | null;
}

type Places = Pick<Config, "store" | "spool">;

/** Opens the store for the portal. @throws StoreError */
export async function openStore({ store: place, spool }: Places): Promise<OpenedStore> {
  if (place.kind === "file") {
    const store = await (await import("../store/index.js")).openFileStore(place.folder);
    return { store, spoolFolder: store.incoming, secret: null };
  }
  const store = await (await s3()).openS3Store(place);
  await mkdir(spool, { recursive: true, mode: FOLDER_MODE });
  return { store, spoolFolder: spool, secret: await store.sharedSecret() };
}

/** Opens the store's submissions while the portal may be running. @throws StoreError or OwnerError */
export async function openSubmissions({ store: place }: Places): Promise<Submissions> {
  if (place.kind === "s3") return (await s3()).openS3Store(place);
  await requireOwnerOf(place.folder);
  return (await import("../store/index.js")).openFileSubmissions(place.folder);
}

/** Opens the store's mailboxes while the portal may be running. @throws StoreError or OwnerError */
export async function openMailboxes({ store: place }: Places): Promise<Mailboxes> {
  if (place.kind === "s3") return (await (await s3()).openS3Store(place)).mailboxes;
  await requireOwnerOf(place.folder);
  return (await import("../store/index.js")).openFileMailboxes(place.folder);
}

/** AWS's library takes a third of a second to load. */
async function s3() {
  return import("../store/s3/index.js");
}

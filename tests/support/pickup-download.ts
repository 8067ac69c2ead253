import { join } from "node:path";
import { packBatch } from "../../src/pickup/index.js";
import { openFileStore, type StoredSubmission } from "../../src/store/index.js";

/** A tar as the pickup pages send it, and its files by name. */
export interface PickupDownload {
  readonly archive: Buffer<ArrayBuffer>;
  readonly contents: ReadonlyMap<string, Buffer>;
}

/**
 * A download of three submissions, of 100 bytes, 600,000 bytes and none, from a store below `folder`.
 * @param day of their arrival, YYYY-MM-DD
 */
export async function makePickupDownload(folder: string, day: string): Promise<PickupDownload> {
  const store = await openFileStore(join(folder, "data"), () => new Date(`${day}T12:00:00Z`));
  const contents = new Map<string, Buffer>();
  for (const each of ["a".repeat(100), "b".repeat(600_000), ""]) {
    const { id } = await store.put(new Blob([each]).stream());
    contents.set(`${id}.tar.gpg`, Buffer.from(each));
  }
  const chosen: StoredSubmission[] = [];
  for await (const each of store.list()) chosen.push(each);
  const archive = Buffer.from(await new Response(packBatch(chosen, store, () => undefined)).arrayBuffer());
  return { archive, contents };
}

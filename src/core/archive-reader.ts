import { type ArchiveLayout, SUBMISSION_LAYOUT } from "./archive-layout.js";
import {
  ARCHIVE_LIMITS,
  type ArchiveLimits,
  ArchiveRules,
  BLOCK_BYTES,
  type EntryHead,
  endsInside,
  fillOf,
  MAX_TAIL_BYTES,
} from "./archive-rules.js";
import { ByteReader } from "./byte-reader.js";
import { EntryBody } from "./entry-body.js";

export interface ArchiveEntry extends EntryHead {
  /** Asking for the next entry skips whatever is left of it. */
  readonly body: ReadableStream<Uint8Array>;
}

/** An entry of an archive in memory. */
export interface WholeEntry extends EntryHead {
  readonly contents: Uint8Array;
}

/**
 * Reads an archive that may come from an adversary. Accepts only what docs/FORMAT.md section 7 allows: one root folder,
 * which comes first; the top-level files of `layout`; safely named files in `files/`; and each name once, compared as a
 * case-insensitive file system would.
 *
 * @throws ArchiveError with the code of the first rule broken; errors of the stream itself pass unchanged
 */
export async function* readArchive(
  archive: ReadableStream<Uint8Array>,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
  layout: ArchiveLayout = SUBMISSION_LAYOUT,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const reader = new ByteReader(archive);
  const rules = new ArchiveRules(limits, layout);
  const next = async () => rules.entry(await reader.upTo(BLOCK_BYTES));
  try {
    for (let head = await next(); head !== null; head = await next()) {
      const body = new EntryBody(reader, head.size, endsInside);
      yield { ...head, body: body.stream() };
      await body.skip();
      rules.afterBody(await reader.upTo(fillOf(head.size)), head.size);
    }
    rules.endMark(await reader.upTo(BLOCK_BYTES));
    for (let rest = await reader.some(MAX_TAIL_BYTES); rest !== null; rest = await reader.some(MAX_TAIL_BYTES)) {
      rules.afterEnd(rest);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  rules.complete();
}

/**
 * {@link readArchive} for an archive in memory, without a stream for each entry.
 * @throws ArchiveError with the code of the first rule broken
 */
export function* readWholeArchive(
  archive: Uint8Array,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
  layout: ArchiveLayout = SUBMISSION_LAYOUT,
): Generator<WholeEntry, void, undefined> {
  const rules = new ArchiveRules(limits, layout);
  let at = 0;
  const take = (count: number) => {
    const portion = archive.subarray(at, at + count);
    at += portion.length;
    return portion;
  };
  for (let head = rules.entry(take(BLOCK_BYTES)); head !== null; head = rules.entry(take(BLOCK_BYTES))) {
    const contents = take(head.size);
    if (contents.length < head.size) throw endsInside();
    yield { ...head, contents };
    rules.afterBody(take(fillOf(head.size)), head.size);
  }
  rules.endMark(take(BLOCK_BYTES));
  rules.afterEnd(archive.subarray(at));
  rules.complete();
}

import { ArchiveError } from "./archive-error.js";
import { isEntryName } from "./entry-name.js";
import { PADDING_NAME } from "./padding.js";
import type { UstarHeader } from "./ustar-header.js";

/** The entries an archive must and may hold, besides `files/` and `padding`. */
export interface ArchiveLayout {
  /** The name of the one root folder. */
  readonly root: RegExp;
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

export const SUBMISSION_LAYOUT: ArchiveLayout = {
  root: /^submission-[0-9a-f]{8}$/,
  required: ["letter.txt", "submission.json"],
  optional: [],
};

/**
 * Splits an entry's path into the root folder and the path below it.
 * @param root the root folder of the entries before, or undefined for the first entry
 * @throws ArchiveError `unsafe_path` unless `layout` allows the entry
 */
export function placeEntry(
  header: UstarHeader,
  root: string | undefined,
  layout: ArchiveLayout,
): { readonly root: string; readonly path: string } {
  // Only a folder may end in a slash: GNU tar treats a file that does as a folder.
  const segments = (header.kind === "folder" ? header.path.replace(/\/$/, "") : header.path).split("/");
  const [top = "", folder, name] = segments;
  const path = segments.slice(1).join("/");
  const allowed =
    header.kind === "folder"
      ? path === "" || path === "files"
      : [...layout.required, ...layout.optional, PADDING_NAME].includes(path) ||
        (folder === "files" && segments.length === 3 && isEntryName(name ?? ""));
  const rooted = root === undefined ? layout.root.test(top) && path === "" : top === root;
  if (!allowed || !rooted) {
    throw new ArchiveError("unsafe_path", "an entry's path is not one that it may have");
  }
  return { root: top, path };
}

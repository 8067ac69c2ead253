import type { DroppedItem } from "../dropped-item.js";
import { isReadable } from "./readable.js";

/** Why a dropped folder is refused. */
export type FolderFault = "too-many" | "unreadable" | "empty";

export interface Dropped {
  readonly files: readonly File[];
  /** Folders of which nothing was taken. */
  readonly refused: readonly { readonly name: string; readonly fault: FolderFault }[];
}

/** What systems leave in folders by themselves: none is a document, and some tell about the device. */
const LEFTOVERS = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);

/**
 * The files that were dropped, with those in dropped folders.
 * @param items what `droppedItems` gave while the event was handled
 * @param maxFiles at most so many are taken of one folder
 */
export async function readDropped(items: readonly DroppedItem[], maxFiles: number): Promise<Dropped> {
  const taken = await Promise.all(items.map((item) => take(item, maxFiles)));
  return { files: taken.flatMap(({ files }) => files), refused: taken.flatMap(({ refused }) => refused) };
}

async function take({ entry, file }: DroppedItem, maxFiles: number): Promise<Dropped> {
  const name = entry?.name ?? file?.name ?? "";
  const refuse = (fault: FolderFault): Dropped => ({ files: [], refused: [{ name, fault }] });
  if (entry === null || !isFolder(entry)) {
    if (file === null) return { files: [], refused: [] };
    return (await isReadable(file)) ? { files: [file], refused: [] } : refuse("unreadable");
  }
  const files = await filesIn(entry, maxFiles).catch(() => null);
  if (files === null) return refuse("unreadable");
  if (files.length > maxFiles) return refuse("too-many");
  return files.length === 0 ? refuse("empty") : { files, refused: [] };
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

/** The files in a folder and the folders inside; a few more than `maxFiles` if there are more. */
async function filesIn(folder: FileSystemDirectoryEntry, maxFiles: number): Promise<readonly File[]> {
  const files: File[] = [];
  const waiting = [folder];
  for (let next = waiting.shift(); next !== undefined && files.length <= maxFiles; next = waiting.shift()) {
    for await (const entry of entriesOf(next)) {
      if (isFolder(entry)) waiting.push(entry);
      else if (isFile(entry) && !LEFTOVERS.has(entry.name)) files.push(await fileOf(entry));
      if (files.length > maxFiles) break;
    }
  }
  return files;
}

/** Browsers give a hundred at a time, and none at the end. */
async function* entriesOf(folder: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry> {
  const reader = folder.createReader();
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return;
    yield* entries;
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** What was dropped on the page: a file or a folder. */
export interface DroppedItem {
  /** Null in browsers that tell files and folders apart by no other way than reading. */
  readonly entry: FileSystemEntry | null;
  readonly file: File | null;
}

/** To be called while the event is handled: later its contents are gone. */
export function droppedItems(data: DataTransfer): readonly DroppedItem[] {
  const files = [...data.items].filter(({ kind }) => kind === "file");
  return files.map((item) => ({ entry: item.webkitGetAsEntry?.() ?? null, file: item.getAsFile() }));
}

// A download from the pickup pages: a tar of submissions, and MANIFEST.txt as its last file.

export const PICKUP_MANIFEST = "MANIFEST.txt";
const NAME = /^submissions-.{1,100}\.tar$/;
const LINE = /^([0-9a-f]{64}) [ *]([0-9a-f]{32}\.tar\.gpg)$/;
export const MAX_PICKUP_FILES = 100_000;
export const MAX_PICKUP_MANIFEST_BYTES = 128 * MAX_PICKUP_FILES;
/** The end of the year 9999. */
const MAX_MTIME_SECONDS = 253_402_300_799;

/** Whether the pickup pages call a download so. */
export function isPickupName(name: string): boolean {
  return NAME.test(name);
}

/** The day of arrival that a file in the tar has, as seconds that every calendar knows. */
export function arrivalSeconds(mtimeSeconds: number): number {
  return Math.min(mtimeSeconds, MAX_MTIME_SECONDS);
}

/** SHA-256 in hex by name; null unless each line is one of ours, and none has the name of another. */
export function readPickupManifest(text: string): ReadonlyMap<string, string> | null {
  const listed = new Map<string, string>();
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const [, sha256, name] = LINE.exec(line) ?? [];
    if (sha256 === undefined || name === undefined || listed.has(name)) return null;
    listed.set(name, sha256);
  }
  return listed;
}

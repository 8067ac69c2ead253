import type { Picture } from "../../pictures/index.js";
import type { PictureTools } from "./document-tools.js";
import { isReadable } from "./readable.js";
import { drawThumbnail } from "./thumbnail.js";

/** What was found out about a document, on the device alone. */
export interface Examined {
  readonly fault: "empty" | "unreadable" | null;
  /** `unknown`: a picture that is not taken apart; null: no picture. */
  readonly picture: Picture | "unknown" | null;
  readonly thumbnail: HTMLCanvasElement | null;
  /** The same for the same contents, and for hardly any others. */
  readonly print: string;
}

const WINDOW_BYTES = 64 * 1024;

export async function examine(file: File, { readPicture }: PictureTools): Promise<Examined> {
  const nothing = { picture: null, thumbnail: null, print: "" };
  if (!(await isReadable(file))) return { ...nothing, fault: "unreadable" };
  if (file.size === 0) return { ...nothing, fault: "empty" };
  const print = await printOf(file);
  const read = await readPicture(file).catch(() => "unknown" as const);
  // What the browser takes for a picture may tell something, too.
  const picture = read ?? (file.type.startsWith("image/") ? "unknown" : null);
  const thumbnail = picture === null || picture === "unknown" ? null : await drawThumbnail(file, picture);
  return { fault: null, picture, thumbnail, print };
}

/** Whether two documents with the same size begin and end alike. */
async function printOf(file: File): Promise<string> {
  const ends = new Blob([file.slice(0, WINDOW_BYTES), file.slice(-WINDOW_BYTES)]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await ends.arrayBuffer()));
  return `${file.size} ${digest.join(" ")}`;
}

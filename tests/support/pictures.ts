import { readFileSync } from "node:fs";
import type { Picture, PictureData } from "../../src/pictures/index.js";

export interface PictureVector {
  readonly file: string;
  readonly kind: Picture["kind"];
  /** Whether it tells what `PICTURES.tells` says, or nothing. */
  readonly tells: boolean;
  readonly orientation: number;
  /** Whether it has a colour profile. */
  readonly profile: boolean;
}

interface Manifest {
  /** Stands in whatever is to go. */
  readonly canary: string;
  readonly width: number;
  readonly height: number;
  readonly tells: PictureData;
  readonly pictures: readonly PictureVector[];
}

const VECTORS = new URL("../vectors/", import.meta.url);

export const PICTURES = JSON.parse(readFileSync(new URL("pictures.json", VECTORS), "utf8")) as Manifest;

export function pictureVector(file: string): Buffer<ArrayBuffer> {
  return Buffer.from(readFileSync(new URL(`pictures/${file}`, VECTORS)));
}

import type { IncomingHttpHeaders } from "node:http";
import { UploadRefusal } from "./upload-refusal.js";

export const TUS_VERSION = "1.0.0";
const PIECE_TYPE = "application/offset+octet-stream";
/** A whole number as this protocol writes it: no sign, no leading zero. */
const NUMBER = /^(?:0|[1-9]\d{0,15})$/;

/** @throws UploadRefusal where a request does not speak this version of the protocol */
export function checkVersion(headers: IncomingHttpHeaders): void {
  const version = headers["tus-resumable"];
  if (version === undefined || version === "") throw new UploadRefusal("tus_version");
  if (version !== TUS_VERSION) throw new UploadRefusal("bad_request");
}

/**
 * The size that a new upload will have, or null if it is told later (tus 1.0.0, creation).
 * @throws UploadRefusal
 */
export function newUploadSize(headers: IncomingHttpHeaders): number | null {
  if (headers["upload-concat"] !== undefined) throw new UploadRefusal("not_supported");
  // A name, a type, a time: nothing of that is wanted here.
  if ((headers["upload-metadata"] ?? "") !== "") throw new UploadRefusal("no_metadata");
  const size = lengthOf(headers);
  const deferred = headers["upload-defer-length"];
  if ((size === null) === (deferred === undefined)) throw new UploadRefusal("bad_request");
  if (deferred !== undefined && deferred !== "1") throw new UploadRefusal("bad_request");
  return size;
}

/**
 * What a piece says of itself: where it begins, the size of the whole if it is told now, its own length if it is known.
 */
export interface PieceFields {
  readonly offset: number;
  readonly size: number | null;
  readonly bytes: number | null;
}

/** @throws UploadRefusal */
export function pieceFields(headers: IncomingHttpHeaders): PieceFields {
  const offset = headers["upload-offset"];
  if (offset === undefined || headers["content-type"] !== PIECE_TYPE) throw new UploadRefusal("bad_request");
  const bytes = headers["content-length"];
  return { offset: wholeNumber(offset), size: lengthOf(headers), bytes: bytes === undefined ? null : Number(bytes) };
}

function lengthOf(headers: IncomingHttpHeaders): number | null {
  const length = headers["upload-length"];
  return length === undefined ? null : wholeNumber(length);
}

function wholeNumber(value: string | readonly string[]): number {
  const number = typeof value === "string" && NUMBER.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new UploadRefusal("bad_request");
  return number;
}

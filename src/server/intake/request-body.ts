import type { IncomingMessage } from "node:http";
import type { Writable } from "node:stream";
import type { Request, Response } from "express";
import multer, { MulterError } from "multer";
import { NAMELESS } from "./spool.js";

/** Bytes of one text field, UTF-16 code units of all, fields and parts of one request: bounds on memory beyond any form. */
const LONGEST_FIELD = 1024 * 1024;
const LONGEST_TEXT = 2 * 1024 * 1024;
const MOST_FIELDS = 3_000;
const MOST_PARTS = 5_000;
const LONGEST_FIELD_NAME = 100;
const MOST_PART_HEADERS = 20;

/** An option of multer 2.5 that its type declarations do not have yet. */
interface StreamHandling {
  readonly streamHandler: (request: IncomingMessage, parser: Writable) => void;
}

export type BodyFault = "text_too_long" | "bad_request" | "gone";

export interface SubmittedBody {
  /** The text fields by name, as far as they came. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What was wrong with the body, or null. Files are in the spool, with faults of their own. */
  readonly fault: BodyFault | null;
}

/**
 * Reads a multipart body to its very end: text into memory, files into `spool`. Never rejects. A browser that is still
 * sending shows "connection reset" instead of an answer, so even a body that is refused is read first.
 *
 * @param longest bytes after which the connection is cut all the same: nobody honest sends that much
 */
export function readBody(
  request: Request,
  response: Response,
  spool: multer.StorageEngine,
  longest: number,
): Promise<SubmittedBody> {
  // Its "close" has gone by: nothing would ever end the wait for it.
  if (request.destroyed) return Promise.resolve({ fields: {}, fault: "gone" });
  let bytes = 0;
  request.on("data", (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes > longest) request.destroy();
  });
  const options: multer.Options & StreamHandling = {
    storage: spool,
    // Browsers send names in UTF-8; multer's default is latin1. Paths are ours to judge, not to lose.
    defParamCharset: "utf8",
    preservePath: true,
    limits: {
      fieldSize: LONGEST_FIELD,
      fields: MOST_FIELDS,
      parts: MOST_PARTS,
      fieldNameSize: LONGEST_FIELD_NAME,
      headerPairs: MOST_PART_HEADERS,
      fieldNestingDepth: 0,
    },
    streamHandler: handle,
  };
  const upload = multer(options);
  return new Promise((resolve) => {
    upload.any()(request, response, (error: unknown) => {
      const fields: unknown = request.body;
      const fault = faultOf(request, error);
      if (request.readableEnded || request.destroyed) return resolve({ fields: asRecord(fields), fault });
      drain(request).then(() => resolve({ fields: asRecord(fields), fault }));
    });
  });
}

function faultOf(request: IncomingMessage, error: unknown): BodyFault | null {
  if (request.destroyed && !request.readableEnded) return "gone";
  if (error instanceof MulterError && String(error.code) === "LIMIT_FIELD_VALUE") return "text_too_long";
  if (error !== undefined && error !== null) return "bad_request";
  // multer lets everything pass that is not multipart.
  return /^multipart\/form-data\b/i.test(request.headers["content-type"] ?? "") ? null : "bad_request";
}

function asRecord(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === "object" && body !== null ? { ...body } : {};
}

function drain(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    request.once("end", resolve).once("close", resolve).once("error", resolve);
    request.resume();
  });
}

/** Gives parts without a file name a stand-in before multer sees them and drops them; and keeps count of the text. */
function handle(request: IncomingMessage, parser: Writable): void {
  let length = 0;
  parser.prependListener("file", (_field: string, _stream: unknown, info: { filename?: string | undefined }) => {
    info.filename ||= NAMELESS;
  });
  parser.on("field", (_name: string, value: string) => {
    length += value.length;
    if (length > LONGEST_TEXT) parser.emit("error", new MulterError("LIMIT_FIELD_VALUE"));
  });
  request.pipe(parser);
}

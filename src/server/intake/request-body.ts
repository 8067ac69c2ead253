import type { IncomingMessage } from "node:http";
import type { Writable } from "node:stream";
import type { Request, Response } from "express";
import multer, { MulterError, type StorageEngine } from "multer";
import { MultipartError, MultipartScanner, type ScannedPart } from "./multipart-scanner.js";

/** Bytes of one text field, and of all. */
const MAX_FIELD_BYTES = 1024 * 1024;
const MAX_TEXT_BYTES = 4 * 1024 * 1024;
/** UTF-16 code units of all text fields. */
const MAX_TEXT_LENGTH = 2 * 1024 * 1024;
const MAX_NAME_LENGTH = 100;

/** An option of multer 2.5 that its type declarations do not have yet. */
interface StreamHandling {
  readonly streamHandler: (request: IncomingMessage, parser: Writable) => void;
}

export type BodyFault = "text_too_long" | "bad_request" | "busy" | "gone";

export interface BodyLimits {
  /** Bytes after which the connection is cut: nobody honest sends that much. */
  readonly maxBytes: number;
  /** Whether there is room in memory for so many bytes more of text. */
  readonly mayKeepText: (bytes: number) => boolean;
}

export interface SubmittedBody {
  /** The text fields by name, as far as they came; a repeated field's value is a list. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The documents' parts, in the order in which they came, and the bytes that each brought. */
  readonly files: readonly ScannedPart[];
  /** What was wrong with the body, or null. Documents have faults of their own, which `documents` knows. */
  readonly fault: BodyFault | null;
}

/**
 * Reads a multipart body to its very end: text into memory, documents into `documents`, in whose eyes a part's field
 * and name are those that were sent. Never rejects. A browser that is still sending shows "connection reset" instead of
 * an answer, so even a body that is refused is read first.
 */
export function readBody(
  request: Request,
  response: Response,
  documents: StorageEngine,
  limits: BodyLimits,
): Promise<SubmittedBody> {
  // Its "close" has gone by: nothing would ever end the wait for it.
  if (request.destroyed) return Promise.resolve({ fields: {}, files: [], fault: "gone" });
  const body = new Body(request, documents, limits);
  return new Promise((resolve) => {
    body.parse(request, response, (error) => {
      const settle = () => resolve(body.outcome(error));
      if (request.readableEnded || request.destroyed) settle();
      else drain(request).then(settle, settle);
    });
  });
}

/** One body on its way through scanner and parser. */
class Body {
  readonly #request: Request;
  readonly #documents: StorageEngine;
  readonly #limits: BodyLimits;
  readonly #values = new Map<number, string>();
  #scanner: MultipartScanner | null = null;
  #bytes = 0;
  #text = 0;
  #textLength = 0;
  #fault: BodyFault | null = null;

  constructor(request: Request, documents: StorageEngine, limits: BodyLimits) {
    this.#request = request;
    this.#documents = documents;
    this.#limits = limits;
  }

  parse(request: Request, response: Response, done: (error: unknown) => void): void {
    request.on("data", (chunk: Uint8Array) => {
      this.#bytes += chunk.length;
      if (this.#bytes > this.#limits.maxBytes) request.destroy();
    });
    try {
      this.#scanner = new MultipartScanner(request.headers["content-type"] ?? "");
    } catch (cause) {
      return void done(cause);
    }
    // The parser reads what the scanner writes, whose boundary no part can hold.
    request.headers["content-type"] = this.#scanner.contentType;
    const options: multer.Options & StreamHandling = {
      storage: {
        _handleFile: (_request, file, handled) => this.#keep(file, handled),
        _removeFile: (...given) => this.#documents._removeFile(...given),
      },
      limits: { fieldSize: MAX_FIELD_BYTES, fieldNestingDepth: 0 },
      streamHandler: (_request, parser) => this.#feed(parser),
    };
    multer(options).any()(request, response, done);
  }

  outcome(error: unknown): SubmittedBody {
    const parts = this.#scanner?.parts ?? [];
    const fields: Record<string, unknown> = Object.create(null);
    for (const [index, value] of this.#values) {
      const name = parts[index]?.field ?? "";
      const before = fields[name];
      fields[name] = before === undefined ? value : [before, value].flat();
    }
    const files = parts.filter(({ fileName }) => fileName !== null);
    return { fields, files, fault: this.#faultOf(error, parts) };
  }

  #faultOf(error: unknown, parts: readonly ScannedPart[]): BodyFault | null {
    const request = this.#request;
    if (request.destroyed && !request.readableEnded) return "gone";
    if (this.#fault !== null) return this.#fault;
    if (error instanceof MulterError && String(error.code) === "LIMIT_FIELD_VALUE") return "text_too_long";
    if (error !== undefined && error !== null) return "bad_request";
    // What came must be what the parser has handed on.
    const whole = parts.every(
      ({ field, fileName, bytes, charset, doubtful }, index) =>
        field.length <= MAX_NAME_LENGTH &&
        (fileName !== null || (!doubtful && isWhole(this.#values.get(index), bytes, charset))),
    );
    return whole ? null : "bad_request";
  }

  /** Gives a document's part the names that it came with. */
  #keep(file: Express.Multer.File, handled: (error?: unknown, info?: Partial<Express.Multer.File>) => void): void {
    const part = this.#scanner?.parts[indexOf(file.fieldname)];
    if (part === undefined) return void handled(new MultipartError("malformed", "a part came from nowhere"));
    const { field: fieldname, fileName, type: mimetype } = part;
    // Its stream is not enumerable.
    Object.assign(file, { fieldname, originalname: fileName ?? "", mimetype });
    this.#documents._handleFile(this.#request, file, handled);
  }

  /** Pumps the request through the scanner into `parser`. Whatever either throws ends this body and nothing else. */
  #feed(parser: Writable): void {
    const request = this.#request;
    const scanner = this.#scanner;
    const stop = (cause: unknown) => {
      request.off("data", push).off("end", end);
      // Parts that are still being read end with it.
      parser.destroy(cause instanceof Error ? cause : new Error("a listener failed", { cause }));
      request.resume();
    };
    const guarded =
      <Given extends unknown[]>(listener: (...given: Given) => void) =>
      (...given: Given) => {
        try {
          listener(...given);
        } catch (cause) {
          stop(cause);
        }
      };
    const push = guarded((chunk: Uint8Array) => {
      let ready = true;
      for (const piece of scanner?.push(chunk) ?? []) ready = parser.write(piece);
      this.#countText();
      if (ready || parser.destroyed) return;
      request.pause();
      parser.once("drain", () => request.resume());
    });
    const end = guarded(() => void parser.end(scanner?.finish()));
    parser.on(
      "field",
      guarded((name: unknown, value: unknown) => {
        if (typeof value !== "string") throw new MultipartError("malformed", "a text cannot be read");
        this.#textLength += value.length;
        if (this.#textLength > MAX_TEXT_LENGTH) throw new MulterError("LIMIT_FIELD_VALUE");
        this.#values.set(indexOf(name), value);
      }),
    );
    request.on("data", push).once("end", end);
  }

  #countText(): void {
    const text = this.#scanner?.textBytes ?? 0;
    const more = text - this.#text;
    this.#text = text;
    if (text > MAX_TEXT_BYTES) throw new MulterError("LIMIT_FIELD_VALUE");
    if (more === 0 || this.#limits.mayKeepText(more)) return;
    this.#fault = "busy";
    throw new MultipartError("malformed", "there is no room for more text");
  }
}

/** The index in the name that the scanner has given to a part; one that no part has for any other name. */
function indexOf(name: unknown): number {
  return Number(/^p(\d+)$/.exec(String(name))?.[1] ?? -1);
}

/** Whether `value` has all of the `bytes` that came. What was no UTF-8, or another encoding, has another length. */
function isWhole(value: string | undefined, bytes: number, charset: string | null): boolean {
  if (value === undefined) return false;
  return Buffer.byteLength(value) === bytes || value.includes("\ufffd") || charset !== null;
}

function drain(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    request.once("end", resolve).once("close", resolve).once("error", resolve);
    request.resume();
  });
}

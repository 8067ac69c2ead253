import { randomBytes } from "node:crypto";
import { Fault } from "../../core/index.js";
import { type PartHead, readPartHead } from "./part-head.js";

/** `malformed`: no parser could be sure what the body holds. `too_many_parts`, `too_long_head`: bounds on memory. */
export class MultipartError extends Fault<"malformed" | "too_many_parts" | "too_long_head"> {}

/** A part and the bytes that it brought. */
export interface ScannedPart extends PartHead {
  bytes: number;
}

const MAX_PARTS = 5_000;
const MAX_HEAD_BYTES = 16 * 1024;
const MAX_BOUNDARY_LENGTH = 70;
/** Before the first part no form has anything: a word or two of some program may be there, but no part. */
const MAX_PREAMBLE_BYTES = 4 * 1024;
const CRLF = Buffer.from("\r\n");
const HEAD_END = Buffer.from("\r\n\r\n");
const UTF_8 = new Set(["utf-8", "utf8", "us-ascii"]);

type State = "preamble" | "after_delimiter" | "head" | "content" | "epilogue";

/**
 * Reads a multipart body (RFC 2046 section 5.1.1) as it comes and writes it anew, with a boundary that it cannot hold
 * and with heads that every parser reads alike: the part with the index n is called `p<n>`. So no part can be skipped
 * without being noticed: {@link parts} says what has come.
 */
export class MultipartScanner {
  readonly parts: ScannedPart[] = [];
  /** Bytes of all texts so far. */
  textBytes = 0;
  /** For the parser of what comes out. */
  readonly contentType: string;
  readonly #boundary = randomBytes(24).toString("hex");
  readonly #delimiter: Buffer;
  #state: State = "preamble";
  /** What cannot be judged before more comes. */
  #held: Buffer = CRLF;
  /** Bytes at its beginning that did not come. */
  #borrowed = CRLF.length;
  #preamble = Buffer.alloc(0);
  #transcoder: TextDecoder | null = null;

  /** @throws MultipartError `malformed` if `contentType` names no boundary */
  constructor(contentType: string) {
    const [, quoted, plain] =
      /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]*)"|([^\s;"]+))/i.exec(contentType) ?? [];
    const boundary = quoted ?? plain ?? "";
    if (boundary === "" || boundary.length > MAX_BOUNDARY_LENGTH) throw malformed("there is no boundary");
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
    this.contentType = `multipart/form-data; boundary=${this.#boundary}`;
  }

  /** @returns what to give to the parser. @throws MultipartError, and then for what comes after as well */
  push(chunk: Uint8Array): Buffer[] {
    const out: Buffer[] = [];
    let data: Buffer | null = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    while (data !== null && data.length > 0) data = this.#step(data, out);
    return out;
  }

  /** @throws MultipartError `malformed` if the body has not come to its end */
  finish(): Buffer {
    if (this.#state === "after_delimiter" && this.#held.subarray(0, 2).toString() === "--") this.#state = "epilogue";
    if (this.#state !== "epilogue") throw malformed("the body ends in the middle");
    return Buffer.from(this.parts.length === 0 ? `--${this.#boundary}--\r\n` : `\r\n--${this.#boundary}--\r\n`);
  }

  /** Takes something from the beginning of `data`, and returns the rest; null when all of it is held or passed on. */
  #step(data: Buffer, out: Buffer[]): Buffer | null {
    switch (this.#state) {
      case "preamble":
      case "content":
      case "epilogue":
        return this.#search(data, out);
      case "after_delimiter":
        return this.#afterDelimiter(this.#withHeld(data));
      case "head":
        return this.#head(this.#withHeld(data), out);
    }
  }

  #withHeld(data: Buffer): Buffer {
    const whole = this.#held.length === 0 ? data : Buffer.concat([this.#held, data]);
    this.#held = Buffer.alloc(0);
    return whole;
  }

  /** Passes content on up to the next delimiter. */
  #search(data: Buffer, out: Buffer[]): Buffer | null {
    const { length } = this.#delimiter;
    if (this.#held.length > 0) {
      // A match that begins in what is held ends in as much again of what has come.
      const joint = Buffer.concat([this.#held, data.subarray(0, length - 1)]);
      const at = joint.indexOf(this.#delimiter);
      if (at >= 0) {
        const taken = at + length - this.#held.length;
        this.#pass(joint.subarray(0, at), out);
        this.#endContent(out);
        return data.subarray(taken);
      }
      if (data.length < length - 1) return this.#hold(joint, out);
      this.#pass(this.#held, out);
    }
    const at = data.indexOf(this.#delimiter);
    if (at < 0) return this.#hold(data, out);
    this.#pass(data.subarray(0, at), out);
    this.#endContent(out);
    return data.subarray(at + length);
  }

  /** Passes on `data`, in which no delimiter lies, but for an end in which one may begin. */
  #hold(data: Buffer, out: Buffer[]): null {
    const safe = Math.max(0, data.length - this.#delimiter.length + 1);
    this.#pass(data.subarray(0, safe), out);
    this.#held = Buffer.from(data.subarray(safe));
    return null;
  }

  #endContent(out: Buffer[]): void {
    // Whether its contents are missing or begin like this, nobody can tell.
    if (this.#state === "content" && this.#borrowed > 0) throw malformed("a part begins like the boundary");
    if (this.#state === "epilogue") throw malformed("there are parts after the last one");
    if (this.#state === "content" && this.#transcoder !== null) out.push(Buffer.from(this.#transcoder.decode()));
    this.#transcoder = null;
    this.#held = Buffer.alloc(0);
    this.#borrowed = 0;
    this.#state = "after_delimiter";
  }

  /** A delimiter is followed by the next part's line end, after spaces, or by the mark of the last one. */
  #afterDelimiter(data: Buffer): Buffer | null {
    const line = data.indexOf(CRLF);
    const before = data.subarray(0, line < 0 ? data.length : line).toString("latin1");
    if (before.startsWith("--")) {
      this.#state = "epilogue";
      return data.subarray(2);
    }
    if (/[^ \t-]/.test(before.replace(/\r$/, "")) || before.length > MAX_HEAD_BYTES) {
      throw malformed("a line begins like the boundary and goes on");
    }
    if (line < 0) {
      this.#held = data;
      return null;
    }
    if (before.trim() !== "") throw malformed("a line begins like the boundary and goes on");
    this.#state = "head";
    // Its line end is the first half of the end of a head without any line.
    return data.subarray(line);
  }

  #head(data: Buffer, out: Buffer[]): Buffer | null {
    const end = data.indexOf(HEAD_END);
    if (end > MAX_HEAD_BYTES || (end < 0 && data.length > MAX_HEAD_BYTES)) {
      throw new MultipartError("too_long_head", "the head of a part is too long");
    }
    if (end < 0) {
      this.#held = data;
      return null;
    }
    if (this.parts.length === MAX_PARTS) throw new MultipartError("too_many_parts", "there are too many parts");
    if (data.subarray(0, end).includes(0)) throw malformed("the head of a part holds a null byte");
    this.#begin(readPartHead(data.subarray(Math.min(2, end), end)), out);
    this.#state = "content";
    this.#holdLineEnd();
    return data.subarray(end + HEAD_END.length);
  }

  /** So that a delimiter right at the beginning is seen: its line end is taken as held, and is nobody's content. */
  #holdLineEnd(): void {
    this.#held = CRLF;
    this.#borrowed = CRLF.length;
  }

  #begin(head: PartHead, out: Buffer[]): void {
    const index = this.parts.length;
    const { fileName, type, charset } = head;
    if (fileName === null && charset !== null && !UTF_8.has(charset.toLowerCase())) {
      this.#transcoder = transcoderFor(charset);
    }
    if (type.startsWith("multipart/")) throw malformed("a part holds parts of its own");
    this.parts.push({ ...head, bytes: 0 });
    const file = fileName === null ? "" : `; filename="p${index}"\r\nContent-Type: application/octet-stream`;
    const delimiter = `${index === 0 ? "" : "\r\n"}--${this.#boundary}`;
    out.push(Buffer.from(`${delimiter}\r\nContent-Disposition: form-data; name="p${index}"${file}\r\n\r\n`));
  }

  #pass(data: Buffer, out: Buffer[]): void {
    const bytes = data.subarray(this.#borrowed);
    this.#borrowed = Math.max(0, this.#borrowed - data.length);
    if (this.#state === "preamble") this.#passPreamble(bytes);
    if (this.#state !== "content" || bytes.length === 0) return;
    const part = this.parts.at(-1);
    if (part !== undefined) part.bytes += bytes.length;
    if (part?.fileName === null) this.textBytes += bytes.length;
    out.push(this.#transcoder === null ? bytes : Buffer.from(this.#transcoder.decode(bytes, { stream: true })));
  }

  /** What comes before the first part is nobody's, unless the boundary before a part was not to be recognised. */
  #passPreamble(bytes: Buffer): void {
    this.#preamble = Buffer.concat([this.#preamble, bytes]);
    if (this.#preamble.length > MAX_PREAMBLE_BYTES || /content-disposition/i.test(this.#preamble.toString("latin1"))) {
      throw malformed("there is something before the first part");
    }
  }
}

function transcoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch (cause) {
    throw new MultipartError("malformed", "a text is in an unknown encoding", { cause });
  }
}

function malformed(message: string): MultipartError {
  return new MultipartError("malformed", message);
}

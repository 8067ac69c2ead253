import { AEAD, AES } from "./algorithms.js";
import { concat } from "./concat.js";
import { type BodyLength, PacketError, readBodyLength } from "./packet-header.js";

/** How the contents are protected (RFC 9580 section 5.13). */
export type Protection =
  | { readonly version: 1 }
  | { readonly version: 2; readonly cipher: number; readonly aead: number; readonly chunkSizeByte: number };

/** Version 1: version byte, 18 bytes of encrypted prefix, 22 bytes of modification detection code. */
const MIN_V1_BYTES = 1 + 18 + 22;
/** Version 2: version, cipher, AEAD, chunk size, 32 bytes of salt. */
const V2_HEADER_BYTES = 36;
/** The final authentication tag at least follows the header. */
const MIN_V2_BYTES = V2_HEADER_BYTES + 16;
/** 4 MiB (RFC 9580 section 5.13.2). */
const MAX_CHUNK_SIZE_BYTE = 16;

/** Reads the body of a SEIPD packet in constant memory: its first bytes, then only its partial lengths. */
export class EncryptedDataReader {
  readonly #versions: readonly number[];
  /** Bytes still to come of the current portion. */
  #portion: BodyLength;
  /** Bytes of all portions so far. */
  #bytes: number;
  /** An incomplete length or header: at most V2_HEADER_BYTES. */
  #held: Uint8Array = new Uint8Array(0);
  #protection: Protection | undefined;
  #complete = false;

  /**
   * @param length as the packet's header has it
   * @param versions the SEIPD version that each session key packet goes with
   * @throws PacketError
   */
  constructor(length: BodyLength, versions: readonly number[]) {
    this.#versions = versions;
    this.#portion = length;
    this.#bytes = length.bytes;
    if (length.bytes === 0) this.#finish();
  }

  /** How the contents are protected; undefined until the whole body has been read. */
  get protection(): Protection | undefined {
    return this.#complete ? this.#protection : undefined;
  }

  /**
   * Takes the next bytes of the body, and returns what it did not take.
   * @throws PacketError
   */
  push(chunk: Uint8Array): Uint8Array {
    if (this.#portion.bytes === 0) return this.#readLength(chunk);
    if (this.#protection === undefined) return this.#readProtection(chunk);
    return this.#skip(chunk);
  }

  /** After a partial portion: the length of the next one, byte by byte. */
  #readLength(chunk: Uint8Array): Uint8Array {
    this.#held = concat(this.#held, chunk.subarray(0, 1));
    const read = readBodyLength(this.#held);
    if (read !== null) {
      this.#held = new Uint8Array(0);
      this.#portion = read.length;
      this.#bytes += read.length.bytes;
      if (read.length.bytes === 0) this.#finish();
    }
    return chunk.subarray(1);
  }

  #readProtection(chunk: Uint8Array): Uint8Array {
    const version = this.#held[0] ?? chunk[0];
    const wanted = Math.min(version === 1 ? 1 : V2_HEADER_BYTES, this.#portion.bytes + this.#held.length);
    const taken = Math.min(wanted - this.#held.length, chunk.length);
    this.#held = concat(this.#held, chunk.subarray(0, taken));
    if (this.#held.length === wanted) {
      this.#protection = readProtection(this.#held, this.#versions);
      this.#held = new Uint8Array(0);
    }
    return this.#skip(chunk, taken);
  }

  #skip(chunk: Uint8Array, maxBytes = chunk.length): Uint8Array {
    const taken = Math.min(maxBytes, this.#portion.bytes);
    this.#portion = { bytes: this.#portion.bytes - taken, partial: this.#portion.partial };
    if (this.#portion.bytes === 0 && !this.#portion.partial) this.#finish();
    return chunk.subarray(taken);
  }

  #finish(): void {
    const smallest = this.#protection?.version === 2 ? MIN_V2_BYTES : MIN_V1_BYTES;
    if (this.#protection === undefined || this.#bytes < smallest) throw tooShort();
    this.#complete = true;
  }
}

function readProtection(header: Uint8Array, versions: readonly number[]): Protection {
  const [version, cipher = 0, aead = 0, chunkSizeByte = 0] = header;
  if (version !== 1 && version !== 2) {
    throw new PacketError("unsupported", "the encrypted data has an unknown version");
  }
  if (versions.some((other) => other !== version)) {
    throw new PacketError("malformed_packet", "session keys and encrypted data have versions that do not go together");
  }
  if (version === 1) return { version };
  if (header.length < V2_HEADER_BYTES) throw tooShort();
  if (!AES.has(cipher) || !AEAD.has(aead) || chunkSizeByte > MAX_CHUNK_SIZE_BYTE) {
    throw new PacketError("unsupported", "the encrypted data uses a cipher that is not accepted");
  }
  return { version, cipher, aead, chunkSizeByte };
}

function tooShort(): PacketError {
  return new PacketError("malformed_packet", "the encrypted data is too short to be any");
}

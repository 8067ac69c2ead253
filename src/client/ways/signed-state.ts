import { uploadStateText } from "../../core/index.js";
import { fromBase64 } from "./base64.js";

/** What the portal has of an upload, as it says and signs itself: docs/FORMAT.md section 17. */
export interface SignedState {
  /** 32 hex digits. */
  readonly id: string;
  /** Bytes. */
  readonly offset: number;
  /** Digest by blocks of what is stored, in hex; null while it is not. */
  readonly digest: string | null;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const SIGNATURE_BYTES = 64;
const UPLOAD = /^\/uploads\/([0-9a-f]{32})$/;

/** Of the upload at `path`; null for any other path. */
export function uploadIdIn(path: string): string | null {
  return UPLOAD.exec(path)?.[1] ?? null;
}

/** Knows the portal's own answers from those that somebody on the way has made up. */
export class PortalKey {
  readonly #key: Promise<CryptoKey>;

  /** @param spki SubjectPublicKeyInfo in base64 */
  constructor(spki: string) {
    this.#key = crypto.subtle.importKey("spki", fromBase64(spki), ALGORITHM, false, ["verify"]);
    // Whoever asks first hears of it.
    this.#key.catch(() => undefined);
  }

  /** The state that an answer about the upload `id` tells; null unless the portal has signed it. */
  async stateIn({ status, headers }: Response, id: string | null): Promise<SignedState | null> {
    const begun = id ?? uploadIdIn(headers.get("Location") ?? "") ?? "";
    const offset = id === null ? "0" : (headers.get("Upload-Offset") ?? "");
    const digest = headers.get("Postern-Blocks-Sha256");
    const text = uploadStateText({ id: begun, offset, digest });
    const signature = fromBase64(headers.get("Postern-Signature") ?? "");
    if (status < 200 || status > 299 || signature.length !== SIGNATURE_BYTES) return null;
    const good = await crypto.subtle.verify(ALGORITHM, await this.#key, signature, new TextEncoder().encode(text));
    return good ? { id: begun, offset: Number(offset), digest } : null;
  }
}

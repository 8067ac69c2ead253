import { readFileSync } from "node:fs";

export interface AcceptedMessage {
  readonly file: string;
  readonly origin: string;
  /** Secret key that opens it. */
  readonly key: string;
  readonly plaintext: string;
  /** SEIPD version. */
  readonly version: 1 | 2;
  readonly recipients: number;
  readonly hidden: boolean;
}

export interface RejectedMessage {
  readonly file: string;
  readonly origin: string;
  readonly code: string;
}

export interface CertificateFile {
  readonly file: string;
  readonly origin: string;
  /** The code of the refusal, or null if the certificate is accepted. */
  readonly code: string | null;
  readonly aead: "gcm" | "ocb" | null;
}

export interface Manifest {
  readonly accepted: readonly AcceptedMessage[];
  readonly rejected: readonly RejectedMessage[];
  readonly certificates: readonly CertificateFile[];
}

/** Replies: what must pass for one and what must not. */
export interface ReplyVectors {
  /** Password of all that is accepted. */
  readonly key: string;
  /** What reply.txt and the one document, answer.txt, hold. */
  readonly text: string;
  readonly document: string;
  readonly accepted: readonly { readonly file: string; readonly origin: string }[];
  readonly rejected: readonly RejectedMessage[];
}

export function readReplyVectors(): ReplyVectors {
  return JSON.parse(readText("replies.json")) as ReplyVectors;
}

export function readManifest(): Manifest {
  return JSON.parse(readText("manifest.json")) as Manifest;
}

/** The bytes of one vector. */
export function readVector(file: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(file, import.meta.url)));
}

export function readText(file: string): string {
  return readFileSync(new URL(file, import.meta.url), "utf8");
}

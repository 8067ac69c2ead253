import { parentPort } from "node:worker_threads";
import type { MailSenderCheck } from "../core/index.js";
import { type ReadMail, readLetter } from "./read-letter.js";
import type { Envelope, SenderRecords } from "./sender-records.js";

/** Asks the DNS about a sender. */
export interface LookupRequest {
  readonly kind: "lookup";
  readonly head: string;
  readonly envelope: Envelope;
  /** Addresses of resolvers, or empty for those of the machine. */
  readonly servers: readonly string[];
}

/** Takes a message apart, and checks its sender if there are records. The message's bytes are handed over. */
export interface ReadRequest {
  readonly kind: "read";
  readonly message: Uint8Array<ArrayBuffer>;
  readonly records: SenderRecords | null;
}

/** The message comes back with the answer. */
export interface ReadAnswer {
  readonly message: Uint8Array<ArrayBuffer>;
  /** Null if it cannot be read. */
  readonly mail: ReadMail | null;
  /** Null if the sender was not checked. */
  readonly sender: MailSenderCheck | null;
}

type Request = (LookupRequest | ReadRequest) & { readonly id: number };

// A worker thread that takes messages apart: a hostile one can end it, but not the server.
parentPort?.on("message", async (request: Request) => {
  const { id } = request;
  if (request.kind === "lookup") {
    const answer = await lookup(request).catch(() => null);
    parentPort?.postMessage({ id, answer });
    return;
  }
  const answer = await read(request);
  const parts = [...(answer.mail?.parts ?? []).map(({ bytes }) => bytes), ...ciphertexts(answer.mail)];
  const buffers = new Set([answer.message, ...parts].map(({ buffer }) => buffer));
  parentPort?.postMessage({ id, answer }, [...buffers]);
});

/** The library is loaded only where senders are checked. */
async function lookup({ head, envelope, servers }: LookupRequest): Promise<SenderRecords> {
  const { findSenderRecords } = await import("./sender-records.js");
  return findSenderRecords(head, envelope, servers);
}

async function read({ message, records }: ReadRequest): Promise<ReadAnswer> {
  let sender: MailSenderCheck | null = null;
  if (records !== null) {
    const { checkSender } = await import("./sender-check.js");
    sender = await checkSender(message, records).catch(() => null);
  }
  return { message, mail: await readLetter(message).catch(() => null), sender };
}

function ciphertexts(mail: ReadMail | null): Uint8Array<ArrayBuffer>[] {
  return (mail?.encrypted ?? []).map(({ ciphertext }) => ciphertext);
}

import { S3Client } from "@aws-sdk/client-s3";
import { dayOf, randomHex } from "../../core/index.js";
import type { Mailboxes } from "../mailboxes.js";
import { type Store, type StoredSubmission, StoreError } from "../store.js";
import type { Uploads } from "../uploads.js";
import { Bucket } from "./bucket.js";
import { S3Mailboxes } from "./s3-mailboxes.js";
import { S3Submissions, submissionKey } from "./s3-submissions.js";
import { S3Uploads } from "./s3-uploads.js";

/** Where an S3 store is. Credentials come from where AWS's tools look for them. */
export interface S3Place {
  readonly bucket: string;
  /** Before all keys: empty, or ending with a slash. */
  readonly prefix: string;
  /** Address of a server other than AWS's, or null. */
  readonly endpoint: string | null;
  /** AWS's name of where the bucket is; for other servers only a word that goes into signatures. */
  readonly region: string;
}

/** A store in a bucket, which any number of processes may have open at the same time. */
export interface S3Store extends Store {
  readonly uploads: Uploads;
  readonly mailboxes: Mailboxes;
  /** 32 bytes that all processes of the portal share, and nobody else but who can read the bucket. */
  sharedSecret(): Promise<Uint8Array>;
}

const SECRET = "shared-secret";
const SECRET_LENGTH = 32;
/** Tries of one request, the first among them. */
const TRIES = 4;
/** Milliseconds. A large part on a slow line is not silent; a server that is has gone. */
const CONNECTING = 5_000;
const SILENCE = 60_000;
const CONNECTIONS = 256;

/**
 * Opens the store in a bucket that must be there, and makes sure that its server can be relied on.
 * @param now for the days in keys
 * @throws StoreError `not_found` if the bucket is not there, `io` if it cannot be used
 */
export async function openS3Store(place: S3Place, now: () => Date = () => new Date()): Promise<S3Store> {
  const bucket = new Bucket(clientFor(place), place.bucket, place.prefix);
  await probe(bucket, place);
  return new BucketStore(bucket, now);
}

function clientFor({ endpoint, region }: S3Place): S3Client {
  return new S3Client({
    region,
    maxAttempts: TRIES,
    // Signatures hold the SHA-256 of what is sent; checksums beside it are unknown to many servers but AWS's.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: CONNECTING,
      socketTimeout: SILENCE,
      httpAgent: { maxSockets: CONNECTIONS, keepAlive: true },
      httpsAgent: { maxSockets: CONNECTIONS, keepAlive: true },
    },
    ...(endpoint !== null && { endpoint, forcePathStyle: true }),
  });
}

/** What several processes agree on is agreed by who is first to write it; a server that ignores that would let letters be lost. */
async function probe(bucket: Bucket, { bucket: name }: S3Place): Promise<void> {
  const key = `probes/${randomHex(16)}`;
  const first = await bucket.putOnce(key, new Uint8Array(0)).catch((cause: unknown) => {
    throw new StoreError(
      cause instanceof StoreError && cause.code === "not_found" ? "not_found" : "io",
      `the bucket ${name} cannot be written to: ${cause instanceof Error ? cause.message : "unknown"}`,
      { cause },
    );
  });
  const second = await bucket.putOnce(key, new Uint8Array(0));
  await bucket.remove([key]);
  if (!first || second) {
    throw new StoreError(
      "io",
      "this object store ignores If-None-Match, which a portal needs; use another, or a newer one",
    );
  }
}

class BucketStore extends S3Submissions implements S3Store {
  readonly #bucket: Bucket;
  readonly #now: () => Date;
  readonly uploads: Uploads;
  readonly mailboxes: Mailboxes;

  constructor(bucket: Bucket, now: () => Date) {
    super(bucket);
    this.#bucket = bucket;
    this.#now = now;
    this.mailboxes = new S3Mailboxes(bucket, now);
    this.uploads = new S3Uploads(bucket, now);
  }

  async put(ciphertext: ReadableStream<Uint8Array>): Promise<StoredSubmission> {
    const id = randomHex(16);
    const day = dayOf(this.#now());
    return { id, bytes: await this.#bucket.putStream(submissionKey(id, day), ciphertext), day };
  }

  async sharedSecret(): Promise<Uint8Array> {
    const made = crypto.getRandomValues(new Uint8Array(SECRET_LENGTH));
    const secret = (await this.#bucket.putOnce(SECRET, made)) ? made : await this.#bucket.read(SECRET);
    if (secret?.length !== SECRET_LENGTH) throw new StoreError("io", `the object ${SECRET} is damaged; remove it`);
    return secret;
  }
}

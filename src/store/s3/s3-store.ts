import { S3Client } from "@aws-sdk/client-s3";
import { dayOf, randomHex } from "../../core/index.js";
import type { Drafts } from "../drafts.js";
import type { Mailboxes } from "../mailboxes.js";
import { type Store, type StoredSubmission, StoreError } from "../store.js";
import type { Uploads } from "../uploads.js";
import { Bucket } from "./bucket.js";
import { S3Drafts } from "./s3-drafts.js";
import { S3Mailboxes } from "./s3-mailboxes.js";
import { S3Submissions, submissionKey } from "./s3-submissions.js";
import { S3Uploads } from "./s3-uploads.js";

/** The location of an S3 store. Credentials come from the places where AWS's tools look. */
export interface S3Place {
  readonly bucket: string;
  /** Prefix of all keys: empty, or ending with a slash. */
  readonly prefix: string;
  /** URL of a server other than AWS's, or null. */
  readonly endpoint: string | null;
  /** AWS region of the bucket; other servers only need it for signatures. */
  readonly region: string;
}

/** A store in a bucket, which any number of processes may have open. */
export interface S3Store extends Store {
  readonly uploads: Uploads;
  readonly mailboxes: Mailboxes;
  readonly drafts: Drafts;
  /** 32 bytes that all processes of the portal share, known to nobody without access to the bucket. */
  sharedSecret(): Promise<Uint8Array>;
}

const SECRET = "shared-secret";
const SECRET_BYTES = 32;
/** Includes the first attempt. */
const MAX_ATTEMPTS = 4;
const CONNECTION_TIMEOUT_MS = 5_000;
/** A large part on a slow line keeps the socket busy, so a silent server is gone. */
const SOCKET_TIMEOUT_MS = 60_000;
const MAX_CONNECTIONS = 256;

/**
 * Opens the store in a bucket, which must exist, and checks that its server supports conditional writes.
 * @param now for the days in keys
 * @throws StoreError `not_found` if the bucket does not exist, `io` if it cannot be used
 */
export async function openS3Store(place: S3Place, now: () => Date = () => new Date()): Promise<S3Store> {
  const bucket = new Bucket(clientFor(place), place.bucket, place.prefix);
  await probe(bucket, place);
  return new BucketStore(bucket, now);
}

function clientFor({ endpoint, region }: S3Place): S3Client {
  return new S3Client({
    region,
    maxAttempts: MAX_ATTEMPTS,
    // Signatures cover the SHA-256 of the body. Many servers other than AWS's do not know further checksums.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      httpAgent: { maxSockets: MAX_CONNECTIONS, keepAlive: true },
      httpsAgent: { maxSockets: MAX_CONNECTIONS, keepAlive: true },
    },
    ...(endpoint !== null && { endpoint, forcePathStyle: true }),
  });
}

/** Processes agree on something by who writes it first. A server that ignores If-None-Match could lose letters. */
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
  readonly drafts: Drafts;

  constructor(bucket: Bucket, now: () => Date) {
    super(bucket);
    this.#bucket = bucket;
    this.#now = now;
    this.mailboxes = new S3Mailboxes(bucket, now);
    this.drafts = new S3Drafts(bucket, now);
    this.uploads = new S3Uploads(bucket, now);
  }

  async put(ciphertext: ReadableStream<Uint8Array>, id = randomHex(16)): Promise<StoredSubmission> {
    const day = dayOf(this.#now());
    return { id, bytes: await this.#bucket.putStream(submissionKey(id, day), ciphertext), day };
  }

  async sharedSecret(): Promise<Uint8Array> {
    const made = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
    const secret = (await this.#bucket.putOnce(SECRET, made)) ? made : await this.#bucket.read(SECRET);
    if (secret?.length !== SECRET_BYTES) throw new StoreError("io", `the object ${SECRET} is damaged; remove it`);
    return secret;
  }
}

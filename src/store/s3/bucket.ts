import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandInput,
  type ListMultipartUploadsCommandOutput,
  type MultipartUpload,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { StoreError } from "../store.js";

/** Bytes of one part of a large object: at least 5 MiB by S3's rules, and at most 10 000 of them. */
const PART = 8 * 1024 * 1024;
/** Parts of one object on their way at one time, and so in memory. */
const PARTS_AT_ONCE = 2;
/** Most keys that one request may remove. */
const MOST_REMOVED = 1_000;
const MISSING = new Set(["NoSuchKey", "NotFound"]);
const FULL = new Set(["QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "ServiceQuotaExceededException"]);
const TAKEN = new Set(["PreconditionFailed", "ConditionalRequestConflict"]);

export interface StoredObject {
  /** Without the store's prefix. */
  readonly key: string;
  /** Bytes. */
  readonly bytes: number;
}

/** The part of a bucket below a prefix, which no key given here or told names. All methods throw StoreError. */
export class Bucket {
  readonly #client: S3Client;
  readonly #name: string;
  readonly #prefix: string;

  /** @param prefix empty, or ending with a slash */
  constructor(client: S3Client, name: string, prefix: string) {
    this.#client = client;
    this.#name = name;
    this.#prefix = prefix;
  }

  /** Stores `bytes`. The request is signed with their SHA-256, so the server takes no others. */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    await explained(this.#client.send(new PutObjectCommand({ ...this.#at(key), Body: bytes })));
  }

  /** The same, if there is nothing under `key`. Of all who try at once, one is told true. */
  async putOnce(key: string, bytes: Uint8Array): Promise<boolean> {
    try {
      await this.#client.send(new PutObjectCommand({ ...this.#at(key), Body: bytes, IfNoneMatch: "*" }));
      return true;
    } catch (cause) {
      if (cause instanceof S3ServiceException && (TAKEN.has(cause.name) || isStatus(cause, 412, 409))) return false;
      throw explain(cause);
    }
  }

  /**
   * Stores all that `stream` brings, in parts; it appears when it is whole, or never. Returns how many bytes there were.
   * @throws StoreError, or the stream's own error
   */
  async putStream(key: string, stream: ReadableStream<Uint8Array>): Promise<number> {
    let bytes = 0;
    let broken: { readonly cause: unknown } | null = null;
    const reader = stream.getReader();
    const counted = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          try {
            const { done, value } = await reader.read();
            if (done) return controller.close();
            bytes += value.length;
            controller.enqueue(value);
          } catch (cause) {
            broken = { cause };
            throw cause;
          }
        },
      },
      { highWaterMark: 0 },
    );
    const upload = new Upload({
      client: this.#client,
      params: { ...this.#at(key), Body: counted },
      partSize: PART,
      queueSize: PARTS_AT_ONCE,
      leavePartsOnError: false,
    });
    try {
      await upload.done();
      return bytes;
    } catch (cause) {
      await reader.cancel(cause).catch(() => undefined);
      // What the reader was told by its own source is its own affair.
      const own = broken as { readonly cause: unknown } | null;
      throw own === null ? explain(cause) : own.cause;
    }
  }

  /** @throws StoreError `not_found` */
  async get(key: string, from = 0, to: number | null = null): Promise<ReadableStream<Uint8Array>> {
    const Range = from === 0 && to === null ? {} : { Range: `bytes=${from}-${to === null ? "" : to - 1}` };
    const { Body } = await explained(this.#client.send(new GetObjectCommand({ ...this.#at(key), ...Range })));
    if (Body === undefined) throw new StoreError("io", "the object store answered without a body");
    return Body.transformToWebStream() as ReadableStream<Uint8Array>;
  }

  /** All of a small object, or null if there is none. */
  async read(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      return new Uint8Array(await new Response(await this.get(key)).arrayBuffer());
    } catch (cause) {
      if (cause instanceof StoreError && cause.code === "not_found") return null;
      throw explain(cause);
    }
  }

  /** Every object whose key begins with `beginning`, in the order of keys. */
  async *list(beginning: string): AsyncGenerator<StoredObject> {
    const query = { Bucket: this.#name, Prefix: this.#prefix + beginning };
    try {
      for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#client }, query)) {
        for (const { Key = "", Size = 0 } of Contents) yield { key: Key.slice(this.#prefix.length), bytes: Size };
      }
    } catch (cause) {
      throw explain(cause);
    }
  }

  async listed(beginning: string): Promise<readonly StoredObject[]> {
    const found: StoredObject[] = [];
    for await (const object of this.list(beginning)) found.push(object);
    return found;
  }

  /** Copies within the bucket, without the bytes passing through here. */
  async copy(from: string, to: string): Promise<void> {
    const CopySource = [this.#name, ...(this.#prefix + from).split("/")].map(encodeURIComponent).join("/");
    await explained(this.#client.send(new CopyObjectCommand({ ...this.#at(to), CopySource })));
  }

  /** Removes what is there of `keys`. */
  async remove(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += MOST_REMOVED) {
      const Objects = keys.slice(start, start + MOST_REMOVED).map((key) => ({ Key: this.#prefix + key }));
      const { Errors = [] } = await explained(
        this.#client.send(new DeleteObjectsCommand({ Bucket: this.#name, Delete: { Objects, Quiet: true } })),
      );
      if (Errors.length > 0) throw new StoreError("io", "the object store did not remove everything");
    }
  }

  /** Gives up the parts of objects that were begun before `moment` and never became whole. */
  async abortParts(moment: Date): Promise<void> {
    for await (const { Key, UploadId, Initiated } of this.#begun()) {
      if (Initiated === undefined || Initiated >= moment) continue;
      await this.#client
        .send(new AbortMultipartUploadCommand({ Bucket: this.#name, Key, UploadId }))
        // Another process may have done it, or finished it, in this moment.
        .catch((cause: unknown) => {
          if (!(cause instanceof S3ServiceException && cause.name === "NoSuchUpload")) throw explain(cause);
        });
    }
  }

  /** Keys of the objects of which parts have come and that are not whole. */
  async unfinished(): Promise<readonly string[]> {
    const keys: string[] = [];
    for await (const { Key = "" } of this.#begun()) keys.push(Key.slice(this.#prefix.length));
    return keys;
  }

  async *#begun(): AsyncGenerator<MultipartUpload> {
    const place = { Bucket: this.#name, Prefix: this.#prefix };
    for (
      let after: Pick<ListMultipartUploadsCommandInput, "KeyMarker" | "UploadIdMarker"> | null = {};
      after !== null;
    ) {
      const page: ListMultipartUploadsCommandOutput = await explained(
        this.#client.send(new ListMultipartUploadsCommand({ ...place, ...after })),
      );
      yield* page.Uploads ?? [];
      after =
        page.IsTruncated === true ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : null;
    }
  }

  #at(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#name, Key: this.#prefix + key };
  }
}

async function explained<Value>(work: Promise<Value>): Promise<Value> {
  return work.catch((cause: unknown) => {
    throw explain(cause);
  });
}

/** Gives an error of the object store a code of ours, without its words, which may name keys and hosts. */
export function explain(cause: unknown): Error {
  if (cause instanceof StoreError) return cause;
  if (cause instanceof S3ServiceException) {
    if (MISSING.has(cause.name)) return new StoreError("not_found", "there is nothing under this id", { cause });
    if (FULL.has(cause.name) || isStatus(cause, 507)) {
      return new StoreError("no_space", "the object store is full", { cause });
    }
    return new StoreError("io", `the object store refused: ${cause.name}`, { cause });
  }
  return new StoreError("io", "the object store does not answer", { cause });
}

function isStatus({ $metadata }: S3ServiceException, ...statuses: readonly number[]): boolean {
  return statuses.includes($metadata.httpStatusCode ?? 0);
}

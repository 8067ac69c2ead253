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
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { nullIfNotFound } from "../not-found.js";
import { StoreError } from "../store.js";
import { withContentMd5 } from "./content-md5.js";
import { isGone, isTaken, throwStoreError, toStoreError } from "./object-store-error.js";

/** Part size of a large object: S3 requires at least 5 MiB, and at most 10 000 parts. */
const PART_BYTES = 8 * 1024 * 1024;
/** Parts of one object that are sent at a time, and so are in memory. */
const MAX_CONCURRENT_PARTS = 2;
/** S3's limit on keys per request. */
const MAX_KEYS_PER_REMOVAL = 1_000;

export interface StoredObject {
  /** Without the bucket's prefix. */
  readonly key: string;
  readonly bytes: number;
}

/** The objects of a bucket below a prefix. Keys are given and returned without it. All methods throw StoreError. */
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

  /** Stores `bytes`. The request is signed over their SHA-256, so the server accepts no others. */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.#client.send(new PutObjectCommand({ ...this.#at(key), Body: bytes })).catch(throwStoreError);
  }

  /** Stores `bytes` unless `key` exists. If several processes try at once, the call returns true for exactly one. */
  async putOnce(key: string, bytes: Uint8Array): Promise<boolean> {
    try {
      await this.#client.send(new PutObjectCommand({ ...this.#at(key), Body: bytes, IfNoneMatch: "*" }));
      return true;
    } catch (cause) {
      if (isTaken(cause)) return false;
      throw toStoreError(cause);
    }
  }

  /**
   * Stores all of `stream` in parts. The object appears when it is complete, or never. Returns the number of bytes.
   * @throws StoreError, or the stream's own error
   */
  async putStream(key: string, stream: ReadableStream<Uint8Array>): Promise<number> {
    const { counted, bytes, error, cancel } = observed(stream);
    const upload = new Upload({
      client: this.#client,
      params: { ...this.#at(key), Body: counted },
      partSize: PART_BYTES,
      queueSize: MAX_CONCURRENT_PARTS,
      leavePartsOnError: false,
    });
    try {
      await upload.done();
      return bytes();
    } catch (cause) {
      await cancel(cause);
      const own = error();
      throw own === null ? toStoreError(cause) : own.cause;
    }
  }

  /** The bytes from `from` up to, not including, `to`. @throws StoreError `not_found` */
  async get(key: string, from = 0, to: number | null = null): Promise<ReadableStream<Uint8Array>> {
    const Range = from === 0 && to === null ? {} : { Range: `bytes=${from}-${to === null ? "" : to - 1}` };
    const request = new GetObjectCommand({ ...this.#at(key), ...Range });
    const { Body } = await this.#client.send(request).catch(throwStoreError);
    if (Body === undefined) throw new StoreError("io", "the object store answered without a body");
    return Body.transformToWebStream() as ReadableStream<Uint8Array>;
  }

  /** All of a small object, or null if it does not exist. */
  async read(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const body = await this.get(key).catch(nullIfNotFound);
    if (body === null) return null;
    return new Uint8Array(await new Response(body).arrayBuffer().catch(throwStoreError));
  }

  /** Every object whose key begins with `prefix`, sorted by key. */
  async *list(prefix: string): AsyncGenerator<StoredObject> {
    const query = { Bucket: this.#name, Prefix: this.#prefix + prefix };
    try {
      for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#client }, query)) {
        for (const { Key = "", Size = 0 } of Contents) yield { key: Key.slice(this.#prefix.length), bytes: Size };
      }
    } catch (cause) {
      throw toStoreError(cause);
    }
  }

  async keys(prefix: string): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of this.list(prefix)) found.push(key);
    return found;
  }

  /** Copies within the object store. */
  async copy(from: string, to: string): Promise<void> {
    const CopySource = [this.#name, ...(this.#prefix + from).split("/")].map(encodeURIComponent).join("/");
    await this.#client.send(new CopyObjectCommand({ ...this.#at(to), CopySource })).catch(throwStoreError);
  }

  /** Removes `keys`, as far as they exist. */
  async remove(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += MAX_KEYS_PER_REMOVAL) {
      const Objects = keys.slice(start, start + MAX_KEYS_PER_REMOVAL).map((key) => ({ Key: this.#prefix + key }));
      const request = new DeleteObjectsCommand({ Bucket: this.#name, Delete: { Objects, Quiet: true } });
      const { Errors = [] } = await this.#client.send(withContentMd5(request)).catch(throwStoreError);
      if (Errors.length > 0) throw new StoreError("io", "the object store did not remove everything");
    }
  }

  /** Aborts multipart uploads that were begun before `moment`. */
  async abortParts(moment: Date): Promise<void> {
    for await (const { Key, UploadId, Initiated } of this.#multipartUploads()) {
      if (Initiated === undefined || Initiated >= moment) continue;
      await this.#client
        .send(new AbortMultipartUploadCommand({ Bucket: this.#name, Key, UploadId }))
        // Another process may have aborted or completed it meanwhile.
        .catch((cause: unknown) => {
          if (!isGone(cause)) throw toStoreError(cause);
        });
    }
  }

  /** Keys of the multipart uploads in progress. */
  async unfinished(): Promise<readonly string[]> {
    const keys: string[] = [];
    for await (const { Key = "" } of this.#multipartUploads()) keys.push(Key.slice(this.#prefix.length));
    return keys;
  }

  async *#multipartUploads(): AsyncGenerator<MultipartUpload> {
    const query = { Bucket: this.#name, Prefix: this.#prefix };
    for (
      let after: Pick<ListMultipartUploadsCommandInput, "KeyMarker" | "UploadIdMarker"> | null = {};
      after !== null;
    ) {
      const page: ListMultipartUploadsCommandOutput = await this.#client
        .send(new ListMultipartUploadsCommand({ ...query, ...after }))
        .catch(throwStoreError);
      yield* page.Uploads ?? [];
      after =
        page.IsTruncated === true ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : null;
    }
  }

  #at(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#name, Key: this.#prefix + key };
  }
}

/** Counts the bytes of `stream`, and tells its own errors from those of the upload that reads it. */
function observed(stream: ReadableStream<Uint8Array>) {
  let bytes = 0;
  let error: { readonly cause: unknown } | null = null;
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
          error = { cause };
          throw cause;
        }
      },
    },
    { highWaterMark: 0 },
  );
  return {
    counted,
    bytes: () => bytes,
    error: () => error,
    cancel: (cause: unknown) => reader.cancel(cause).catch(() => undefined),
  };
}

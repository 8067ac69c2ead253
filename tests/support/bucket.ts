import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { randomHex } from "../../src/core/index.js";
import { Bucket } from "../../src/store/s3/bucket.js";
import { openS3Store, type S3Place, type S3Store } from "../../src/store/s3/s3-store.js";
import type { ObjectStore } from "./ceph.js";

/** A bucket of one's own. */
export interface TestBucket {
  readonly place: S3Place;
  /** What a command of ours needs in its environment to have its store there. */
  readonly env: Readonly<Record<string, string>>;
  readonly open: (now?: () => Date) => Promise<S3Store>;
  /** Its keys, and those of objects that are not whole yet. */
  readonly everything: () => Promise<string[]>;
  /** All that is in it, for whoever looks for what must not be there. */
  readonly contents: () => Promise<ReadonlyMap<string, Buffer>>;
  readonly bucket: Bucket;
  readonly client: S3Client;
  /** The place of another store in the same bucket: of all that is there, only what is below `folder`. */
  readonly below: (folder: string) => TestBucket;
}

/** Makes a new bucket, in which the store lies below a prefix. */
export async function makeBucketIn({ endpoint, env }: ObjectStore): Promise<TestBucket> {
  const name = `postern-${randomHex(8)}`;
  // Where AWS's own library looks for them, as in production.
  Object.assign(process.env, env, { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" });
  const client = new S3Client({
    endpoint,
    forcePathStyle: true,
    region: "us-east-1",
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  await client.send(new CreateBucketCommand({ Bucket: name }));
  const below = (folder: string, bucket = new Bucket(client, name, `${folder}/`)): TestBucket => {
    const place: S3Place = { bucket: name, prefix: `${folder}/`, endpoint, region: "us-east-1" };
    return {
      place,
      env: { ...env, POSTERN_STORE: `s3://${name}/${folder}`, POSTERN_S3_ENDPOINT: endpoint },
      open: (now) => openS3Store(place, now),
      everything: async () => [...(await bucket.keys("")), ...(await bucket.unfinished())],
      contents: async () =>
        new Map(
          await Promise.all(
            (await bucket.keys("")).map(
              async (key) => [key, Buffer.from((await bucket.read(key)) ?? new Uint8Array(0))] as const,
            ),
          ),
        ),
      bucket,
      client,
      below,
    };
  };
  return below("portal", new Bucket(client, name, ""));
}

/** Copies what was stored to a folder, as `postern export` would. */
export async function exportAll(store: S3Store, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for await (const { id } of store.list()) {
    await writeFile(join(folder, `${id}.tar.gpg`), Buffer.from(await new Response(await store.get(id)).arrayBuffer()));
  }
}

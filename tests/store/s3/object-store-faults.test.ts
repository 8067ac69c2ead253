import { createServer } from "node:http";
import { CreateMultipartUploadCommand, PutObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, it } from "vitest";
import { openS3Store } from "../../../src/store/s3/s3-store.js";
import type { TestBucket } from "../../support/bucket.js";
import { hasCeph } from "../../support/ceph.js";
import { openLine } from "../../support/line.js";
import { listenLocally } from "../../support/loopback.js";
import { makeBucket } from "../../support/object-store.js";

const DAY = 24 * 60 * 60 * 1000;
const MIB = 1024 * 1024;
const MARK = Buffer.from("ciphertext-on-its-way");

const streamOf = (...chunks: readonly Uint8Array[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

describe.runIf(hasCeph("faults of an object store"))("an object store", () => {
  let bucket: TestBucket;
  beforeEach(async () => {
    bucket = await makeBucket();
  });

  it("refuses bytes that changed in transit, and keeps none of them", async () => {
    let changed = 0;
    const line = await openLine(
      () => bucket.place.endpoint ?? "",
      (client, upstream) => {
        client.on("data", (chunk: Buffer) => {
          const at = chunk.indexOf(MARK);
          if (at >= 0) {
            chunk[at] = 0;
            changed += 1;
          }
          upstream.write(chunk);
        });
        upstream.pipe(client);
      },
    );
    const store = await openS3Store({ ...bucket.place, endpoint: line.url });
    const before = await bucket.everything();
    await expect(store.put(streamOf(MARK))).rejects.toMatchObject({ code: "io" });
    await expect(store.put(streamOf(new Uint8Array(9 * MIB), MARK))).rejects.toMatchObject({ code: "io" });
    expect(changed).toBeGreaterThan(1);
    expect(await bucket.everything()).toEqual(before);
    await line.close();
  });

  it("that is unreachable fails with io, and a submission meanwhile is not reported as stored", async () => {
    const line = await openLine(
      () => bucket.place.endpoint ?? "",
      (client, upstream) => {
        client.pipe(upstream);
        upstream.pipe(client);
      },
    );
    const store = await openS3Store({ ...bucket.place, endpoint: line.url });
    const { id } = await store.put(streamOf(MARK));
    await line.close();
    await expect(store.put(streamOf(MARK))).rejects.toMatchObject({ code: "io" });
    await expect(store.find(id)).rejects.toMatchObject({ code: "io" });
    await expect(store.uploads.used()).rejects.toMatchObject({ code: "io" });
    expect((await (await bucket.open()).find(id)).bytes).toBe(MARK.length);
  });

  it("without the configured bucket keeps the portal from starting", async () => {
    await expect(openS3Store({ ...bucket.place, bucket: "there-is-no-such-bucket" })).rejects.toMatchObject({
      message: expect.stringContaining("there-is-no-such-bucket"),
    });
  });

  it("that ignores If-None-Match is refused, since processes could not agree on anything", async () => {
    const careless = createServer((request, response) => {
      request.resume().on("end", () => response.writeHead(200, { ETag: '"x"' }).end("<DeleteResult/>"));
    });
    const endpoint = await listenLocally(careless);
    await expect(openS3Store({ ...bucket.place, endpoint })).rejects.toMatchObject({
      code: "io",
      message: expect.stringContaining("If-None-Match"),
    });
    careless.closeAllConnections();
    careless.close();
  });

  it("loses only the leftovers of killed processes, after a day", async () => {
    const store = await bucket.open();
    const { id } = await store.put(streamOf(MARK));
    const Bucket = bucket.place.bucket;
    const Key = `${bucket.place.prefix}submissions/${"a".repeat(32)}.2026-03-01.tar.gpg`;
    const { UploadId } = await bucket.client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    await bucket.client.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: new Uint8Array(5 * MIB) }),
    );
    const old = `${bucket.place.prefix}unfinished/2026-03-01.${"a".repeat(32)}`;
    await bucket.client.send(new PutObjectCommand({ Bucket, Key: old, Body: MARK }));
    await store.uploads.sweep(new Date(Date.now() - DAY / 2));
    expect(await bucket.everything()).toContain(Key);
    await store.uploads.sweep(new Date(Date.now() + 1.5 * DAY));
    expect(await bucket.everything()).toEqual([expect.stringContaining(`submissions/${id}.`)]);
  });
});

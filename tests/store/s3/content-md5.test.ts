import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import { S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { Bucket } from "../../../src/store/s3/bucket.js";
import { listenLocally } from "../../support/loopback.js";

it("removes objects with Content-MD5, and without checksums that only some stores know", async () => {
  const seen: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
  const store = createServer(async (request, response) => {
    const body = Buffer.from(await new Response(Readable.toWeb(request) as ReadableStream).arrayBuffer());
    seen.push({ headers: request.headers, body });
    // As a store that requires the one and does not know the other answers.
    const good = request.headers["content-md5"] !== undefined && !("x-amz-checksum-crc32" in request.headers);
    response.writeHead(good ? 200 : 400, { "Content-Type": "application/xml" });
    response.end(good ? "<DeleteResult/>" : "<Error><Code>InvalidRequest</Code></Error>");
  });
  const client = new S3Client({
    endpoint: await listenLocally(store),
    region: "test",
    forcePathStyle: true,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  try {
    await new Bucket(client, "letters", "").remove(["a", "b/ц"]);
    const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = seen;
    expect(headers["content-md5"]).toBe(createHash("md5").update(body).digest("base64"));
    expect(Object.keys(headers).filter((name) => name.includes("checksum"))).toEqual([]);
    expect(String(headers.authorization)).toContain("content-md5");
    expect(headers["x-amz-content-sha256"]).toBe(createHash("sha256").update(body).digest("hex"));
  } finally {
    client.destroy();
    store.closeAllConnections();
    store.close();
  }
});

import { describe, expect, it } from "vitest";
import { openS3Store } from "../../src/store/s3/s3-store.js";
import { hasCeph } from "../support/ceph.js";
import { openLine } from "../support/line.js";
import { submissionMessage } from "../support/message.js";
import { makeBucket } from "../support/object-store.js";
import { eventually, formOf, startTestPortal } from "../support/portal.js";

describe.runIf(hasCeph("a portal whose object store is gone"))("a portal whose object store is gone", () => {
  it("says so, gives the letter back, and takes it when the store is there again", async () => {
    const bucket = await makeBucket();
    let whole = true;
    const line = await openLine(
      () => bucket.place.endpoint ?? "",
      (client, upstream) => {
        if (!whole) {
          client.destroy();
          return;
        }
        client.pipe(upstream);
        upstream.pipe(client);
        client.on("data", () => {
          if (!whole) client.destroy();
        });
      },
    );
    const store = await openS3Store({ ...bucket.place, endpoint: line.url });
    const portal = await startTestPortal({ wrapStore: () => store });
    try {
      const submit = () =>
        fetch(`${portal.url}/uk/submit`, {
          method: "POST",
          body: formOf({ message: "Лист, якого не можна загубити" }),
        });
      const begin = () =>
        fetch(`${portal.url}/uploads`, {
          method: "POST",
          headers: { "Tus-Resumable": "1.0.0", "Upload-Length": String(message.length) },
        });
      const message = await submissionMessage(portal.recipient);
      expect((await submit()).status).toBe(200);
      whole = false;
      const refused = await submit();
      expect(refused.status).toBe(503);
      expect(await refused.text()).toContain("Лист, якого не можна загубити");
      expect((await begin()).status).toBe(503);
      const health = async () => (await fetch(`${portal.url}/healthz`)).text();
      // What was counted a moment ago still counts.
      await eventually(async () => (await health()).includes("the store does not answer"), "it is said not to be well");
      expect(portal.log.join("")).not.toContain(bucket.place.bucket);
      whole = true;
      expect((await submit()).status).toBe(200);
      expect((await begin()).status).toBe(201);
      await eventually(async () => (await health()).includes('"status":"ok"'), "it is said to be well again");
      const stored: string[] = [];
      for await (const { id } of store.list()) stored.push(id);
      expect(stored).toHaveLength(2);
    } finally {
      await portal.stop();
      await line.close();
    }
  });
});

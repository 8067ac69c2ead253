// The baseline of the portal's intake: the same libraries, storing what arrives as it is. First argument: a folder.
import { createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import express, { type Request, type Response } from "express";
import multer from "multer";

const folder = process.argv[2] ?? "";
const app = express();
/** multer's own storage: plaintext in a file, not synced. */
app.post(
  "/multer",
  multer({ dest: folder }).any(),
  (_request: Request, response: Response) => void response.send("ok"),
);
/** One PUT, one file, on the disk before it is answered. */
app.put("/plain", async (request: Request, response: Response) => {
  const path = join(folder, `put-${process.hrtime.bigint()}`);
  await pipeline(request, createWriteStream(path));
  const file = await open(path, "r+");
  await file.sync();
  await file.close();
  response.status(204).end();
});
const server = app.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/\n`);
});

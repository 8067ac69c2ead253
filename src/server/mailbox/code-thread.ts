import { pbkdf2Sync } from "node:crypto";
import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { createReceiptCode, deriveReplyAddress, type Pbkdf2 } from "../../core/index.js";

// A worker thread that makes one receipt code with its address for each message, at the lowest priority. Its data is
// the portal salt.

// Elsewhere this would be the priority of the whole process.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_LOW);

/** On this very thread: WebCrypto would take one of those that read and write files. */
const pbkdf2: Pbkdf2 = (secret, salt, iterations, bytes) => pbkdf2Sync(secret, salt, iterations, bytes, "sha512");

parentPort?.on("message", async () => {
  const code = createReceiptCode();
  parentPort?.postMessage({ code, address: await deriveReplyAddress(code, workerData as Uint8Array, pbkdf2) });
});

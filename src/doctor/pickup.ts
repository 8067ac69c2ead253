import { createConnection } from "node:net";
import { type CheckResult, fault, ok } from "./check.js";

const CONNECT_TIMEOUT_MS = 5_000;

/** The staff's pages must not answer at the address that visitors use. */
export async function checkPickupHidden(host: string, port: number): Promise<readonly CheckResult[]> {
  const reached = await new Promise<boolean>((resolve) => {
    const socket = createConnection({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const end = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket
      .on("connect", () => end(true))
      .on("error", () => end(false))
      .on("timeout", () => end(false));
  });
  const place = `${host}:${port}`;
  return reached
    ? [fault(`the staff's pages answer at ${place}`, "set POSTERN_PICKUP_LISTEN to 127.0.0.1 or a Unix socket")]
    : [ok(`the staff's pages do not answer at ${place}`)];
}

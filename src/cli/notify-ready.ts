import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { OperatorLog } from "../http/index.js";

/**
 * Tells systemd that this process answers (sd_notify(3)), so that `systemctl start` ends when it does, or says that it
 * failed. Node cannot write to systemd's socket of datagrams, so systemd's own program does.
 */
export async function notifyReady(log: OperatorLog): Promise<void> {
  try {
    await promisify(execFile)("systemd-notify", ["--ready"]);
  } catch (cause) {
    log.failing("systemd-notify", "unavailable", cause);
  }
}

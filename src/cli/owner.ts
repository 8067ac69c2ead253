import { stat } from "node:fs/promises";
import { Fault } from "../core/index.js";

export class OwnerError extends Fault<"wrong_user"> {}

/**
 * Before anything is written beside the running portal: it cannot read what another user puts there.
 * @throws OwnerError if the folder is another user's
 */
export async function becomeOwnerOf(folder: string): Promise<void> {
  process.umask(0o077);
  const owner = await stat(folder).then(
    ({ uid }) => uid,
    () => null,
  );
  if (owner !== null && process.geteuid !== undefined && process.geteuid() !== owner) {
    throw new OwnerError("wrong_user", `${folder} belongs to another user; run this as the one that runs the portal`);
  }
}

import { stat } from "node:fs/promises";
import { Fault } from "../core/index.js";

export class OwnerError extends Fault<"wrong_user"> {}

/**
 * Call before writing beside a running portal: the portal cannot read files of another user.
 * @throws OwnerError if another user owns the folder
 */
export async function requireOwnerOf(folder: string): Promise<void> {
  process.umask(0o077);
  const owner = await stat(folder).then(
    ({ uid }) => uid,
    () => null,
  );
  if (owner !== null && process.geteuid !== undefined && process.geteuid() !== owner) {
    throw new OwnerError("wrong_user", `${folder} belongs to another user; run this command as the portal's user`);
  }
}

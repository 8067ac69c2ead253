import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Fault } from "../core/index.js";
import { type Config, ConfigError } from "./config.js";

export class FolderError extends Fault<"unsafe_place"> {}

/** The folder of this machine that the portal writes to: the store, or the spool beside an object store. */
export function localFolder({ store, spool }: Pick<Config, "store" | "spool">): string {
  return store.kind === "file" ? store.folder : spool;
}

/** Whether `path` is `folder` or lies inside it. */
export function isInside(path: string, folder: string): boolean {
  return `${resolve(path)}/`.startsWith(join(resolve(folder), "/"));
}

/** Each folder has other readers and writers, so none may lie inside another. @throws ConfigError */
export function requireSeparateFolders(config: Config): void {
  const local = localFolder(config);
  if (overlap(config.keys, local)) {
    throw new ConfigError("invalid_configuration", "POSTERN_KEYS and POSTERN_STORE must not lie inside one another");
  }
  if (config.pickupListen === null) return;
  if (overlap(config.staff, config.keys) || overlap(config.staff, local)) {
    throw new ConfigError(
      "invalid_configuration",
      "POSTERN_STAFF must not lie inside POSTERN_KEYS or POSTERN_STORE, nor they in it",
    );
  }
}

function overlap(left: string, right: string): boolean {
  return isInside(left, right) || isInside(right, left);
}

/** Requires that no secret is written where the portal serves or stores files. @throws FolderError */
export async function requireOutside(config: Pick<Config, "keys" | "store" | "spool">, paths: readonly string[]) {
  for (const folder of [config.keys, localFolder(config)]) {
    for (const path of paths) {
      if (!isInside(await resolved(path), await resolved(folder))) continue;
      throw new FolderError("unsafe_place", `a secret key must not be in ${folder}; choose another place than ${path}`);
    }
  }
}

/** The path with symbolic links resolved, of a new file those of its folder. */
async function resolved(path: string): Promise<string> {
  return realpath(path).catch(async () =>
    join(await realpath(dirname(path)).catch(() => resolve(dirname(path))), basename(path)),
  );
}

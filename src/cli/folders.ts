import { join, resolve } from "node:path";
import type { Config } from "./config.js";

/** The folder of this machine that the portal writes to: the store, or the spool beside an object store. */
export function localFolder({ store, spool }: Pick<Config, "store" | "spool">): string {
  return store.kind === "file" ? store.folder : spool;
}

/** Whether `path` is `folder` or lies inside it. */
export function isInside(path: string, folder: string): boolean {
  return `${resolve(path)}/`.startsWith(join(resolve(folder), "/"));
}

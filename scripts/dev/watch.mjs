// Tells of changes below some folders.
import { readdirSync, watch } from "node:fs";
import { join } from "node:path";

/** Milliseconds of silence after which a change is over: an editor writes a file in several steps. */
const SETTLE_MS = 30;

/**
 * Calls `onChange` after each change, one call at a time. It watches each folder by itself: fs.watch's own recursion
 * loses files that an editor replaces.
 * @param ignored a folder whose changes do not count
 * @returns a function that ends it and resolves when the last call has returned
 */
export function watchFolders(folders, ignored, onChange) {
  const watchers = new Map();
  let timer;
  let waiting = false;
  let running = Promise.resolve();
  const changed = (path) => {
    if (path === ignored) return;
    watchAll();
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (waiting) return;
      waiting = true;
      running = running.then(() => {
        waiting = false;
        return onChange(path);
      });
    }, SETTLE_MS);
  };
  const watchAll = () => {
    const present = new Set(folders.flatMap(withFoldersBelow).filter((folder) => !folder.startsWith(ignored)));
    for (const folder of present) {
      if (watchers.has(folder)) continue;
      const watcher = watch(folder, (_kind, name) => changed(join(folder, name ?? "")));
      // The folder may be removed while it is watched.
      watchers.set(folder, watcher.on("error", watchAll));
    }
    for (const [folder, watcher] of watchers) {
      if (present.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
  };
  watchAll();
  return async () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
    await running;
  };
}

function withFoldersBelow(folder) {
  const below = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...below.map((entry) => join(entry.parentPath, entry.name))];
}

import type { Stats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { nullIfMissing } from "../files/index.js";
import { fault, orElse, type Verdict, warning } from "./verdict.js";

const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
const OWNER_WRITE = 0o200;

export interface Folders {
  readonly keys: string;
  readonly store: string;
  /** Null where the staff's pages are off and no staff folder is there. */
  readonly staff: string | null;
}

/** The store, the folders in it, and the staff's folder with its files are their owner's alone. */
export async function checkPrivate({ store, staff }: Folders): Promise<readonly Verdict[]> {
  const about = await statOrNull(store);
  if (about === null) {
    return [warning(`there is no store in ${store}`, "start the portal once, or look at POSTERN_STORE")];
  }
  const inStore = await entries(store);
  const inStaff = staff === null ? [] : [staff, ...(await entries(staff))];
  const found: Verdict[] = [];
  for (const path of [store, ...inStore, ...inStaff]) {
    const each = await statOrNull(path);
    if (each === null) continue;
    if ((each.mode & OTHERS) !== 0) {
      const mode = each.isDirectory() ? "700" : "600";
      found.push(fault(`${path} is open to other users (${octal(each)})`, `chmod ${mode} ${path}`));
    }
    if (each.uid !== about.uid) {
      found.push(
        fault(`${path} belongs to user ${each.uid}, the store to user ${about.uid}`, `chown ${about.uid} ${path}`),
      );
    }
  }
  return orElse(found, staff === null ? `${store} is private` : `${store} and ${staff} are private`);
}

/** Whoever can write to the keys decides who reads what comes. */
export async function checkKeysGuarded({ keys, store }: Folders): Promise<readonly Verdict[]> {
  const user = (await statOrNull(store))?.uid;
  const found: Verdict[] = [];
  for (const path of [keys, ...(await entries(keys))]) {
    const about = await statOrNull(path);
    if (about === null) continue;
    if ((about.mode & OTHERS_WRITE) !== 0) {
      found.push(fault(`other users may write to ${path} (${octal(about)})`, `chmod go-w ${path}`));
    } else if (about.uid === user && user !== 0 && (about.mode & OWNER_WRITE) !== 0) {
      found.push(warning(`the portal's own user may write to ${path}`, `chown root ${path}`));
    }
  }
  if (user === 0) {
    found.push(warning("the portal runs as root", `run it as a user of its own, and chown -R that user ${store}`));
  }
  return orElse(found, `the portal's user cannot change ${keys}`);
}

/** None of the three lies inside another, links followed. */
export async function checkApart({ keys, store, staff }: Folders): Promise<readonly Verdict[]> {
  const folders: [name: string, path: string][] = [
    ["POSTERN_KEYS", await real(keys)],
    ["POSTERN_STORE", await real(store)],
  ];
  if (staff !== null) folders.push(["POSTERN_STAFF", await real(staff)]);
  const nested = folders.flatMap(([inner, path]) =>
    folders
      .filter(([outer, folder]) => outer !== inner && `${path}/`.startsWith(`${folder}/`))
      .map(([outer]) => fault(`${inner} lies inside ${outer}`, `give ${inner} a folder of its own`)),
  );
  return orElse(nested, "keys, store and staff are apart");
}

async function entries(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.sort().map((name) => join(folder, name));
}

async function statOrNull(path: string): Promise<Stats | null> {
  return stat(path).catch(nullIfMissing);
}

async function real(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

function octal({ mode }: Stats): string {
  return (mode & 0o777).toString(8).padStart(3, "0");
}

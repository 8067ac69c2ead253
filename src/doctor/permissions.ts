import type { Stats } from "node:fs";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { nullIfMissing } from "../files/index.js";
import { type CheckResult, fault, orOk, warning } from "./check.js";

const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
const OWNER_WRITE = 0o200;

export interface Folders {
  readonly keys: string;
  readonly store: string;
  /** Null while the staff's pages are off. */
  readonly staff: string | null;
}

interface Found {
  readonly path: string;
  readonly about: Stats;
}

/** Only their owner may open the store and the staff folder, each with all that is in it. */
export async function checkPrivate({ store, staff }: Folders): Promise<readonly CheckResult[]> {
  const owner = await statOrNull(store);
  if (owner === null) {
    return [warning(`there is no store in ${store}`, "start the portal once, or check POSTERN_STORE")];
  }
  const found: CheckResult[] = [];
  for (const folder of staff === null ? [store] : [store, staff]) {
    const open: Found[] = [];
    const strange: Found[] = [];
    for await (const each of everything(folder)) {
      if ((each.about.mode & OTHERS) !== 0) open.push(each);
      if (each.about.uid !== owner.uid) strange.push(each);
    }
    if (open[0] !== undefined) {
      const { path, about } = open[0];
      const message = `${path} is open to other users (${octal(about)})${others(open)}`;
      found.push(fault(message, open.length === 1 ? `chmod go= ${path}` : `chmod -R go= ${folder}`));
    }
    if (strange[0] !== undefined) {
      const { path, about } = strange[0];
      const message = `${path} belongs to user ${about.uid}, but the store to user ${owner.uid}${others(strange)}`;
      found.push(
        fault(message, strange.length === 1 ? `chown ${owner.uid} ${path}` : `chown -R ${owner.uid} ${folder}`),
      );
    }
  }
  return orOk(found, staff === null ? `${store} is private` : `${store} and ${staff} are private`);
}

/** Anyone who can write to the keys folder can add a recipient. */
export async function checkKeysGuarded({ keys, store }: Folders): Promise<readonly CheckResult[]> {
  const user = (await statOrNull(store))?.uid;
  const found: CheckResult[] = [];
  for (const path of [keys, ...(await entries(keys))]) {
    const each = await statOrNull(path);
    if (each === null) continue;
    if ((each.mode & OTHERS_WRITE) !== 0) {
      found.push(fault(`other users can write to ${path} (${octal(each)})`, `chmod go-w ${path}`));
    } else if (each.uid === user && user !== 0 && (each.mode & OWNER_WRITE) !== 0) {
      found.push(warning(`the portal's user can write to ${path}`, `chown root ${path}`));
    }
  }
  if (user === 0) {
    found.push(warning("the portal runs as root", `run it as a separate user, and chown -R that user ${store}`));
  }
  return orOk(found, `the portal's user cannot change ${keys}`);
}

/** None of the folders may lie inside another, symbolic links resolved. */
export async function checkApart({ keys, store, staff }: Folders): Promise<readonly CheckResult[]> {
  const folders: [name: string, path: string][] = [
    ["POSTERN_KEYS", await resolved(keys)],
    ["POSTERN_STORE", await resolved(store)],
  ];
  if (staff !== null) folders.push(["POSTERN_STAFF", await resolved(staff)]);
  const nested = folders.flatMap(([inner, path]) =>
    folders
      .filter(([outer, folder]) => outer !== inner && `${path}/`.startsWith(`${folder}/`))
      .map(([outer]) => fault(`${inner} lies inside ${outer}`, `move ${inner} to a separate folder`)),
  );
  return orOk(nested, "the folders of keys, store and staff are separate");
}

/** A folder and all that is below it. What vanishes meanwhile is left out. */
async function* everything(path: string): AsyncGenerator<Found> {
  const about = await lstat(path).catch(nullIfMissing);
  // A link has no mode of its own.
  if (about === null || about.isSymbolicLink()) return;
  yield { path, about };
  if (about.isDirectory()) for (const each of await entries(path)) yield* everything(each);
}

function others({ length }: readonly Found[]): string {
  return length === 1 ? "" : `, and ${length - 1} more likewise`;
}

async function entries(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.sort().map((name) => join(folder, name));
}

async function statOrNull(path: string): Promise<Stats | null> {
  return stat(path).catch(nullIfMissing);
}

async function resolved(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

export function octal({ mode }: Pick<Stats, "mode">): string {
  return (mode & 0o777).toString(8).padStart(3, "0");
}

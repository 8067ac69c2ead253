import { posix } from "node:path";

/** Where a room's code runs: in browsers only, in Node only, or in both. */
export type Runs = "anywhere" | "browser" | "node";

export interface Room {
  readonly runs: Runs;
  /** The rooms that it may import. */
  readonly may: readonly string[];
}

/** By name: the folders right below `src`. */
export type Rooms = Readonly<Record<string, Room>>;

/** A file below `src` and what it imports, as written. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

const IMPORT = /(?:\bfrom\s|\bimport\s*\(|\bimport\s)\s*"([^"]+)"/g;

/** Every import that breaks a rule, as `file -> target: rule`. */
export function wrongImports(sources: readonly Source[], rooms: Rooms): string[] {
  const paths = new Set(sources.map(({ path }) => path));
  const faces = new Set([...paths].filter((path) => path.endsWith("/index.ts")).map(posix.dirname));
  return sources.flatMap(({ path, text }) =>
    [...text.matchAll(IMPORT)].flatMap(([, specifier = ""]) => {
      const fault = specifier.startsWith(".")
        ? faultOfOurs(path, posix.join(posix.dirname(path), specifier), faces, rooms)
        : faultOfOthers(path, specifier, rooms);
      return fault === null ? [] : [`${path} -> ${specifier}: ${fault}`];
    }),
  );
}

function faultOfOthers(path: string, specifier: string, rooms: Rooms): string | null {
  const node = specifier.startsWith("node:");
  return node && rooms[roomOf(path)]?.runs !== "node" ? "runs without Node" : null;
}

function faultOfOurs(path: string, target: string, faces: ReadonlySet<string>, rooms: Rooms): string | null {
  const [from, to] = [roomOf(path), roomOf(target)];
  if (from !== to && rooms[from]?.may.includes(to) !== true) return "no arrow";
  const inside = innermost(posix.dirname(target), faces);
  // A folder with a public face is entered through it, except from within.
  if (`${posix.dirname(path)}/`.startsWith(`${inside}/`) || target === `${inside}/index.js`) return null;
  return "past an index";
}

/** The closest folder around `folder` that has a public face; the room itself if none has. */
function innermost(folder: string, faces: ReadonlySet<string>): string {
  const parent = posix.dirname(folder);
  return faces.has(folder) || parent === "src" || parent === "." ? folder : innermost(parent, faces);
}

function roomOf(path: string): string {
  return path.split("/")[1] ?? "";
}

/** Names of rooms that lead back to themselves. */
export function circles(rooms: Rooms): string[] {
  const reaches = (from: string, to: string, seen: Set<string>): boolean =>
    (rooms[from]?.may ?? []).some((next) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, to, seen);
    });
  return Object.keys(rooms).filter((room) => reaches(room, room, new Set()));
}

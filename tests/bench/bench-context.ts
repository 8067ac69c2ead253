import type { Profile } from "./cpu-profile.js";
import type { Skipped, Table } from "./measure.js";
import type { Running } from "./running.js";

/** Those who send letters of so many KiB at one round-trip time. */
export interface Visitors {
  readonly ms: number;
  readonly kibibytes: readonly number[];
  /** At one time, each behind a wall of their own; one unless told. */
  readonly people?: number;
}

/** People behind a wall. */
export interface Visits {
  /** What the title of their table begins with. */
  readonly name: string;
  readonly visits: readonly Visitors[];
  readonly rounds: number;
}

/** How much of everything: all of it, or little enough for a minute. */
export interface Sizes {
  readonly encryption: readonly { readonly mebibytes: number; readonly rounds: number }[];
  readonly intake: { readonly mebibytes: number; readonly rounds: number };
  /** Of documents without JavaScript. */
  readonly lastByte: { readonly mebibytes: readonly number[]; readonly rounds: number };
  readonly letters: { readonly count: number; readonly rounds: number };
  /** Letters without JavaScript; and whether the portal is first given the time to make its receipt codes. */
  readonly rested: { readonly letters: number; readonly rounds: number; readonly rests: boolean };
  readonly opening: { readonly submissions: number; readonly rounds: number };
  readonly months: { readonly submissions: number; readonly rounds: number; readonly gpgLetters: number };
  readonly people: { readonly letters: number; readonly rounds: number };
  readonly desk: { readonly cases: number; readonly rounds: number; readonly repeats: number; readonly saves: number };
  readonly browsers: { readonly mebibytes: number; readonly uncompiled: number; readonly rounds: number };
  readonly firstLoad: { readonly rounds: number };
  /** Of Lighthouse. */
  readonly marks: { readonly languages: readonly string[]; readonly rounds: number };
  /** Of a crowd of mail servers. */
  readonly mail: { readonly seconds: number };
  readonly relay: { readonly mebibytes: number; readonly rounds: number; readonly crowd: number };
  readonly wall: Visits;
  /** Taken only where it is asked for. */
  readonly wallAtLength: Visits;
}

export const WHOLE: Sizes = {
  encryption: [{ mebibytes: 256, rounds: 5 }],
  intake: { mebibytes: 256, rounds: 5 },
  lastByte: { mebibytes: [16, 256], rounds: 5 },
  letters: { count: 1_000, rounds: 5 },
  // No more than the receipt codes that a portal makes ahead.
  rested: { letters: 100, rounds: 5, rests: true },
  opening: { submissions: 1_000, rounds: 5 },
  months: { submissions: 300, rounds: 5, gpgLetters: 1 },
  people: { letters: 10_000, rounds: 5 },
  desk: { cases: 10_000, rounds: 5, repeats: 1, saves: 10 },
  browsers: { mebibytes: 16, uncompiled: 1, rounds: 5 },
  firstLoad: { rounds: 5 },
  marks: { languages: ["ru", "uk", "en"], rounds: 5 },
  mail: { seconds: 10 },
  relay: { mebibytes: 64, rounds: 5, crowd: 200 },
  wall: {
    name: "Behind",
    visits: [{ ms: 0, kibibytes: [100], people: 2 }],
    rounds: 5,
  },
  wallAtLength: {
    name: "Long letters behind",
    // 5 MiB at 200 ms take a quarter of an hour.
    visits: [
      { ms: 0, kibibytes: [5 * 1024] },
      { ms: 50, kibibytes: [100, 300, 5 * 1024] },
      { ms: 200, kibibytes: [300, 1024] },
    ],
    rounds: 1,
  },
};

export const SMOKE: Sizes = {
  encryption: [{ mebibytes: 8, rounds: 1 }],
  intake: { mebibytes: 8, rounds: 1 },
  lastByte: { mebibytes: [8], rounds: 1 },
  letters: { count: 32, rounds: 1 },
  rested: { letters: 4, rounds: 1, rests: false },
  opening: { submissions: 10, rounds: 1 },
  months: { submissions: 10, rounds: 1, gpgLetters: 1 },
  people: { letters: 300, rounds: 1 },
  desk: { cases: 20, rounds: 1, repeats: 1, saves: 2 },
  browsers: { mebibytes: 1, uncompiled: 1, rounds: 1 },
  firstLoad: { rounds: 1 },
  marks: { languages: ["ru"], rounds: 1 },
  mail: { seconds: 2 },
  relay: { mebibytes: 8, rounds: 1, crowd: 10 },
  wall: { name: "Behind", visits: [{ ms: 0, kibibytes: [20] }], rounds: 1 },
  wallAtLength: { name: "Long letters behind", visits: [{ ms: 0, kibibytes: [60] }], rounds: 1 },
};

/** What every part of the benchmark is given. */
export interface Bench {
  /** Removed at the end. */
  readonly folder: string;
  readonly sizes: Sizes;
  /** Folder of an earlier version, built, to be measured beside this one. */
  readonly before: string | undefined;
  /** The one portal that makes its receipt codes while other parts mostly wait: begun when it is first asked for. */
  readonly rested: () => Promise<Running>;
  readonly add: (table: Table) => void;
  readonly profile: (profile: Profile) => void;
  readonly skip: (what: string, why: Skipped["why"]) => void;
}

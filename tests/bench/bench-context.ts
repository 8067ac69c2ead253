import type { Skipped, Table } from "./measure.js";
import type { Profile } from "./profiles.js";

/** How much of everything: all of it, or little enough for a minute. */
export interface Sizes {
  readonly encryption: readonly { readonly mebibytes: number; readonly rounds: number }[];
  readonly intake: { readonly mebibytes: number; readonly rounds: number };
  /** Of documents without JavaScript. */
  readonly lastByte: { readonly mebibytes: readonly number[]; readonly rounds: number };
  readonly letters: { readonly count: number; readonly rounds: number };
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
  readonly wall: {
    readonly roundTripsMs: readonly number[];
    /** KiB of the letters at each of them. */
    readonly letters: readonly number[];
    /** Further letters, at one of them. */
    readonly large: readonly { readonly ms: number; readonly kibibytes: number }[];
    /** Whether to look for the fewest packets at which it works. */
    readonly fewest: boolean;
  };
}

export const WHOLE: Sizes = {
  encryption: [
    { mebibytes: 256, rounds: 5 },
    { mebibytes: 2048, rounds: 5 },
  ],
  intake: { mebibytes: 256, rounds: 9 },
  lastByte: { mebibytes: [16, 256], rounds: 5 },
  letters: { count: 1_000, rounds: 5 },
  opening: { submissions: 1_000, rounds: 5 },
  months: { submissions: 1_000, rounds: 5, gpgLetters: 3 },
  people: { letters: 10_000, rounds: 5 },
  desk: { cases: 10_000, rounds: 5, repeats: 3, saves: 20 },
  browsers: { mebibytes: 64, uncompiled: 4, rounds: 5 },
  firstLoad: { rounds: 5 },
  marks: { languages: ["ru", "uk", "en"], rounds: 5 },
  mail: { seconds: 60 },
  relay: { mebibytes: 64, rounds: 5, crowd: 200 },
  wall: {
    roundTripsMs: [0, 50, 200],
    letters: [300],
    // 5 MiB at 200 ms take a quarter of an hour.
    large: [
      { ms: 0, kibibytes: 5 * 1024 },
      { ms: 200, kibibytes: 1024 },
      { ms: 50, kibibytes: 5 * 1024 },
    ],
    fewest: true,
  },
};

export const SMOKE: Sizes = {
  encryption: [{ mebibytes: 8, rounds: 1 }],
  intake: { mebibytes: 8, rounds: 1 },
  lastByte: { mebibytes: [8], rounds: 1 },
  letters: { count: 32, rounds: 1 },
  opening: { submissions: 10, rounds: 1 },
  months: { submissions: 10, rounds: 1, gpgLetters: 1 },
  people: { letters: 300, rounds: 1 },
  desk: { cases: 20, rounds: 1, repeats: 1, saves: 2 },
  browsers: { mebibytes: 1, uncompiled: 1, rounds: 1 },
  firstLoad: { rounds: 1 },
  marks: { languages: ["ru"], rounds: 1 },
  mail: { seconds: 2 },
  relay: { mebibytes: 8, rounds: 1, crowd: 10 },
  wall: { roundTripsMs: [0], letters: [20], large: [], fewest: false },
};

/** What every part of the benchmark is given. */
export interface Bench {
  /** Removed at the end. */
  readonly folder: string;
  readonly sizes: Sizes;
  /** Folder of an earlier version, built, to be measured beside this one. */
  readonly before: string | undefined;
  readonly add: (table: Table) => void;
  readonly profile: (profile: Profile) => void;
  readonly skip: (what: string, why: Skipped["why"]) => void;
}

import { beforeAll, describe, expect, it } from "vitest";
import { atLength, shareOf } from "../support/length.js";
import { requireTools } from "../support/tools.js";
import { type Matrix, runMatrix } from "./matrix.js";
import { gnupg, type Program, rnp, sequoia } from "./programs/index.js";
import { brokenPromises, unopened } from "./verdicts.js";

/** Settings whose keys the portal refuses, and why. All others it takes. */
const REFUSED: Readonly<Record<string, string>> = {
  "GnuPG: RSA 2048": "weak_algorithm",
  "GnuPG: secp256k1": "weak_algorithm",
  "GnuPG: DSA and Elgamal": "weak_algorithm",
  "GnuPG: Curve448 (version 5)": "unsupported",
  "Sequoia: --cannot-encrypt": "no_encryption_key",
  "RNP: default": "weak_algorithm",
  "RNP: secp256k1": "weak_algorithm",
};
/** Files that GnuPG's own kind of authenticated encryption makes. */
const OPTIONS_REFUSED: Readonly<Record<string, string>> = {
  "--force-ocb": "libre_aead",
  "--aead=OCB": "libre_aead",
  "--aead=EAX": "libre_aead",
};

const nameOf = (program: string) => program.split(" ")[0] ?? "";

describe.runIf(requireTools("keys and files of other programs", "gpg", "gpgconf", "sq", "rnp", "rnpkeys"))(
  "keys and files of the programs that are installed",
  () => {
    let matrix: Matrix;
    beforeAll(async () => {
      matrix = await runMatrix((await Promise.all([gnupg(null), sequoia(null), rnp(null)])).map(shareOfProgram));
    }, 600_000);

    it("can all be made", () => {
      expect(matrix.failures).toEqual([]);
      expect(matrix.keys.length).toBeGreaterThan(atLength(8, 30));
    });

    it("are taken, or refused for the true cause", () => {
      const refused = matrix.keys.flatMap(({ maker, setting, refused: why }) =>
        why === null ? [] : [[`${nameOf(maker)}: ${setting}`, why.code]],
      );
      expect(Object.fromEntries(refused)).toEqual(
        Object.fromEntries(Object.entries(REFUSED).filter(([key]) => key in Object.fromEntries(names(matrix)))),
      );
    });

    it("are opened by staff whenever they are taken", () => {
      expect([...unopened(matrix)]).toEqual([]);
    });

    it("are opened by the programs that keys check names, and by no others", () => {
      expect([...brokenPromises(matrix)]).toEqual([]);
    });

    it("are taken in every form but GnuPG's own", () => {
      for (const { way, outcome } of matrix.ways)
        expect([way, outcome]).toEqual([way, OPTIONS_REFUSED[way] ?? "opens"]);
    });
  },
);

/** A program with a share of its settings, and the key that its ways are tried with. */
function shareOfProgram(program: Program): Program {
  const all = Object.entries(program.keys);
  const keys = new Map([...all.filter(([setting]) => setting === "RSA 3072"), ...shareOf(all, 4)]);
  return { ...program, keys: Object.fromEntries(keys), ways: shareOf(program.ways, 2) };
}

function names({ keys }: Matrix): readonly (readonly [string, true])[] {
  return keys.map(({ maker, setting }) => [`${nameOf(maker)}: ${setting}`, true]);
}

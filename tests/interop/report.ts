import type { KeyRow, Matrix, Outcome } from "./matrix.js";

const WORDS: Readonly<Record<string, string>> = { opens: "yes" };

/** docs/INTEROP.md, from a run on `day`. */
export function report({ keys, ways, failures }: Matrix, programs: readonly string[], day: string): string {
  const taken = keys.filter(({ refused }) => refused === null);
  const refused = keys.filter((row) => row.refused !== null);
  return `${[
    "# Interoperation with other OpenPGP programs",
    "",
    `Made by \`npm run interop\` on ${day}: do not edit. It unpacks the programs of Debian 12 and 13 beside what is installed, and tries`,
    `every key of every program with every program: ${keys.length} keys, ${programs.length} programs. \`npm test\` runs the same with the`,
    "programs that are installed, and compares the result with what `postern keys check` promises.",
    "",
    `Programs: ${programs.join(", ")}.`,
    "",
    "## Keys in `keys/`, and who opens what the portal encrypts to them",
    "",
    "*Yes*: the program, with the secret key, opens a submission. The portal names no recipient in a message, so that nobody learns",
    "whom it is for. RNP before 0.17 cannot open such messages at all. RNP 0.17 needs `--allow-hidden`. GnuPG tries one key after the other,",
    "and ends with exit code 2 if the first one did not fit, although it has decrypted. SEIPD version 2 is used only if every certificate",
    "announces it: Sequoia 1.0 and newer make such keys, and GnuPG cannot open what comes. `postern keys check` says so.",
    "",
    ...table(
      ["made by", "setting", "encrypted to", "Postern", ...programs],
      merged(taken, (row) => [row.makes, ...Object.values(row.opens).map((opens) => (opens ? "yes" : "—"))]),
    ),
    "",
    "## Keys that the portal refuses",
    "",
    ...table(
      ["made by", "setting", "reason"],
      merged(refused, ({ refused: why }) => [`\`${why?.code}\`: ${withoutFingerprint(why?.message ?? "")}`]),
    ),
    "",
    "## Files that people encrypt themselves",
    "",
    "*Yes*: `/encrypted` takes the file, and it decrypts. A code: it is refused with that reason. A dash: the program cannot encrypt to this key.",
    "",
    ...table(
      ["key made by", "setting", ...programs],
      merged(taken, (row) => programs.map((program) => say(row.files[program] ?? null))),
    ),
    "",
    "With options, to a key of RSA 3072:",
    "",
    ...table(
      ["program", "option", "taken and decrypts"],
      ways.map(({ maker, way, outcome }) => [maker, code(way), say(outcome)]),
    ),
    ...(failures.length === 0 ? [] : ["", "Could not be tried:", "", ...failures.map((failure) => `- ${failure}`)]),
  ].join("\n")}\n`;
}

/** Rows of one program whose results are the same become one. */
function merged(rows: readonly KeyRow[], cells: (row: KeyRow) => readonly string[]): readonly (readonly string[])[] {
  const byResult = new Map<string, { maker: string; settings: string[]; cells: readonly string[] }>();
  for (const row of rows) {
    const found = cells(row);
    const key = JSON.stringify([row.maker, found]);
    const known = byResult.get(key) ?? { maker: row.maker, settings: [], cells: found };
    known.settings.push(code(row.setting));
    byResult.set(key, known);
  }
  return [...byResult.values()].map(({ maker, settings, cells: found }) => [maker, settings.join(", "), ...found]);
}

function code(setting: string): string {
  return setting.startsWith("-") ? `\`${setting}\`` : setting;
}

function say(outcome: Outcome): string {
  return outcome === null ? "—" : (WORDS[outcome] ?? `\`${outcome}\``);
}

function withoutFingerprint(message: string): string {
  return message.replace(/ [0-9A-F]{40,64}\b/, "");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

import { loadTexts, STAFF_LOCALES } from "../locales/index.js";

const COLUMNS = 100;
const BLANK = "_".repeat(30);

/** The parts of the protocol, each with its steps, as the messages of `locales/staff` are named. */
const STEPS = {
  prepare: ["machine", "program", "paper", "envelopes", "phones"],
  say: ["leader", "witness"],
  make: ["key", "fingerprint", "split", "print"],
  check: ["join", "open", "again"],
  burn: ["files", "paper"],
} as const;

export interface CeremonyOptions {
  /** `uk` or `en`. */
  readonly language: string;
  readonly shares: number;
  readonly need: number;
}

/** The protocol for two witnesses of making and splitting a key: plain text to print and fill in, without secrets. */
export function writeCeremony({ language, shares, need }: CeremonyOptions): string {
  const texts = loadTexts(STAFF_LOCALES).get(language);
  if (texts === undefined) throw new RangeError(`there is no language ${language}`);
  const say = (id: string, more: Record<string, number> = {}) => texts.say(`ceremony-${id}`, { shares, need, ...more });
  const people = ["date", "leader-name", "first-witness", "second-witness"].map((id) => `${say(id)}: ${BLANK}`);
  const parts = Object.entries(STEPS).map(([part, steps]) => {
    const lines = steps.map((step, index) => wrapped(`[ ] ${index + 1}. ${say(`${part}-${step}`)}`));
    return [say(part).toUpperCase(), ...lines].join("\n");
  });
  const receivers = Array.from({ length: shares }, (_, index) => say("receiver", { number: index + 1 }));
  const given = [say("hand-out").toUpperCase(), ...receivers.map((line) => `[ ] ${line.replaceAll("…", BLANK)}`)];
  const end = [wrapped(say("end")), `${say("signatures")}: ${BLANK} ${BLANK}`];
  return `${[say("title"), people.join("\n"), ...parts, given.join("\n"), end.join("\n\n")].join("\n\n")}\n`;
}

/** `text` in lines of at most 100 columns, the later ones indented. */
function wrapped(text: string): string {
  const lines = [""];
  for (const word of text.replaceAll("…", BLANK).split(/\s+/)) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + 1 + word.length > COLUMNS) lines.push(`       ${word}`);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}

import { isDay } from "./day.js";
import { Fault } from "./fault.js";
import { fieldsOf, isJsonObject, readJson } from "./json-object.js";

/** When what a portal's store holds, and nobody has opened, arrived there. */
export interface LedgerExport {
  /** UTC day on which it was made. */
  readonly made: string;
  /** How many submissions of each UTC day nobody has acknowledged. */
  readonly unopened: ReadonlyMap<string, number>;
}

export class LedgerExportError extends Fault<"malformed"> {}

const FORMAT = "postern-ledger";

export function writeLedgerExport({ made, unopened }: LedgerExport): string {
  const days = [...unopened].sort(([left], [right]) => (left < right ? -1 : 1));
  return `${JSON.stringify({ format: FORMAT, version: 1, made, unopened: Object.fromEntries(days) }, null, 1)}\n`;
}

/** @throws LedgerExportError */
export function readLedgerExport(text: string): LedgerExport {
  const malformed = (cause?: unknown) =>
    new LedgerExportError("malformed", "this is not what postern ledger writes", { cause });
  const { format, version, made, unopened } = fieldsOf(readJson(text, malformed));
  if (format !== FORMAT || version !== 1 || !isDay(made) || !isJsonObject(unopened)) throw malformed();
  const days = Object.entries(unopened).map(([day, count]): readonly [string, number] => {
    if (!isDay(day) || typeof count !== "number" || !Number.isInteger(count) || count < 1) throw malformed();
    return [day, count];
  });
  return { made, unopened: new Map(days) };
}

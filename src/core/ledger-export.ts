import { Fault } from "./fault.js";
import { fieldsOf, isJsonObject } from "./json-object.js";

/** When what a portal's store holds, and nobody has opened, arrived there. */
export interface LedgerExport {
  /** UTC day on which it was made. */
  readonly made: string;
  /** How many submissions of each UTC day nobody has acknowledged. */
  readonly unopened: ReadonlyMap<string, number>;
}

export class LedgerExportError extends Fault<"malformed"> {}

const FORMAT = "postern-ledger";
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function writeLedgerExport({ made, unopened }: LedgerExport): string {
  const days = [...unopened].sort(([left], [right]) => (left < right ? -1 : 1));
  return `${JSON.stringify({ format: FORMAT, version: 1, made, unopened: Object.fromEntries(days) }, null, 1)}\n`;
}

/** @throws LedgerExportError */
export function readLedgerExport(text: string): LedgerExport {
  const malformed = (cause?: unknown) =>
    new LedgerExportError("malformed", "this is not what postern ledger writes", { cause });
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw malformed(cause);
  }
  const { format, version, made, unopened } = fieldsOf(data);
  if (format !== FORMAT || version !== 1 || typeof made !== "string" || !DAY.test(made) || !isJsonObject(unopened)) {
    throw malformed();
  }
  const days = Object.entries(unopened).map(([day, count]): readonly [string, number] => {
    if (!DAY.test(day) || typeof count !== "number" || !Number.isInteger(count) || count < 1) throw malformed();
    return [day, count];
  });
  return { made, unopened: new Map(days) };
}

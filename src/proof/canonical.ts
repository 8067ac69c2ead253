/** JSON with sorted names: the same contents are the same octets. */
export function stableJson(value: unknown): string {
  return `${JSON.stringify(value, (_key, each: unknown) => (isRecord(each) ? sorted(each) : each), 2)}\n`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}

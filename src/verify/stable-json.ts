import { isJsonObject, type JsonObject } from "../core/index.js";

/** JSON with sorted names: equal values give equal bytes. */
export function stableJson(value: unknown): string {
  return `${JSON.stringify(value, (_key, each: unknown) => (isJsonObject(each) ? sorted(each) : each), 2)}\n`;
}

function sorted(record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}

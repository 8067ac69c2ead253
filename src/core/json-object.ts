export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value read from JSON is an object, and not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a value read from JSON says under each name: of one that is no object, nothing. */
export function fieldsOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** Whether a value is so many bytes as lower-case hex digits. */
export function isHex(value: unknown, bytes: number): value is string {
  return typeof value === "string" && value.length === 2 * bytes && /^[0-9a-f]*$/.test(value);
}

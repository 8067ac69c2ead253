/** The day as a number: 20261127 for 2026-11-27. */
export function dayNumber(day: string): number {
  return Number(day.replaceAll("-", ""));
}

/** The day of that number, as YYYY-MM-DD; null for a number that is no day's. */
export function dayOfNumber(number: number): string | null {
  const digits = String(number);
  if (!/^\d{8}$/.test(digits)) return null;
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

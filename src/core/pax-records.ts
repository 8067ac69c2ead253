/**
 * The records of a pax header, `<length> <key>=<value>\n` each, of which the last with a key counts (POSIX.1-2001).
 * @returns null if it is malformed
 */
export function readPaxRecords(body: Uint8Array): ReadonlyMap<string, string> | null {
  const records = new Map<string, string>();
  for (let rest = body; rest.length > 0; ) {
    const [digits] = /^\d{1,7}(?= )/.exec(new TextDecoder("latin1").decode(rest.subarray(0, 8))) ?? [];
    const length = Number(digits ?? 0);
    if (digits === undefined || length <= digits.length + 1 || length > rest.length || rest[length - 1] !== 0x0a) {
      return null;
    }
    const record = new TextDecoder().decode(rest.subarray(digits.length + 1, length - 1));
    const at = record.indexOf("=");
    if (at < 1) return null;
    records.set(record.slice(0, at), record.slice(at + 1));
    rest = rest.subarray(length);
  }
  return records;
}

/** A longer head is taken for none: programs that check senders take time with the square of its lines. */
export const MAX_HEAD_BYTES = 128 * 1024;
const MAX_HEAD_LINES = 2_000;
const MAX_NAME_CHARS = 253;
const NAME = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The head of a message; null if it is too long to be checked. */
export function headOfMessage(message: Uint8Array): string | null {
  const head = Buffer.from(message.buffer, message.byteOffset, Math.min(message.length, MAX_HEAD_BYTES));
  const end = head.indexOf("\r\n\r\n");
  if (end === -1) return null;
  const text = head.toString("latin1", 0, end);
  return text.split("\n").length > MAX_HEAD_LINES ? null : text;
}

/** The lines of a head, unfolded (RFC 5322 section 2.2.3), with their names in lower case. */
export function headLines(head: string): readonly (readonly [name: string, value: string])[] {
  const lines = head.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/);
  return lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, Math.max(0, colon)).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
}

/** The domain of the only address in the only From header; null for anything else. */
export function fromDomain(lines: ReturnType<typeof headLines>): string | null {
  const [from, ...others] = lines.filter(([name]) => name === "from");
  if (from === undefined || others.length > 0) return null;
  const found = [...from[1].matchAll(/@([A-Za-z0-9._-]+)/g)].map(([, domain = ""]) => domain.toLowerCase());
  const last = found.at(-1);
  return last !== undefined && isDomainName(last) ? last : null;
}

/** Whether the DNS can be asked for `name`, in lower case. */
export function isDomainName(name: string): boolean {
  return name.length <= MAX_NAME_CHARS && NAME.test(name);
}

/** Every form in which a careless program leaves a string behind. */
export function traces(text: string): Buffer[] {
  const utf8 = Buffer.from(text, "utf8");
  // Base64 of a string inside a longer one depends on where it begins: all three offsets, the ends cut off.
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), utf8]).toString("base64");
    return Buffer.from(encoded.slice(offset === 0 ? 0 : 4, -4));
  });
  const utf16 = Buffer.from(text, "utf16le");
  const percent = Buffer.from(encodeURIComponent(text));
  const escaped = Buffer.from(
    JSON.stringify(text).replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
  return [
    utf8,
    utf16,
    Buffer.from(utf16).swap16(),
    Buffer.from(text, "latin1"),
    ...base64,
    percent,
    escaped,
    Buffer.from(utf8.toString("hex")),
  ];
}

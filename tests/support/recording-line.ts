import { type Line, openLine } from "./line.js";

export interface RecordingLine extends Line {
  /** Every byte that clients have sent: request lines, headers and bodies. */
  readonly sent: () => Buffer;
}

export async function recordingLine(target: () => string): Promise<RecordingLine> {
  const chunks: Buffer[] = [];
  const line = await openLine(target, (client, upstream) => {
    client.on("data", (chunk: Buffer) => chunks.push(chunk));
    client.pipe(upstream);
    upstream.pipe(client);
  });
  return { ...line, sent: () => Buffer.concat(chunks) };
}

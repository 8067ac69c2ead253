import { inspectMessage, messageGuard, noSecretKey, withoutArmor } from "../openpgp/index.js";

export interface EncryptedFile {
  /** Of the message without its armor. */
  readonly bytes: number;
  /** Whether words stand around the encrypted part, which are not sent. */
  readonly outside: boolean;
}

/**
 * Reads a whole file as the server would, before anything of it is sent: it must be one encrypted message. Whether it
 * is for the right recipients, the server says at its beginning.
 * @throws ArmorError or MessageError; DOMException if the file cannot be read
 */
export async function checkEncryptedFile(file: Blob): Promise<EncryptedFile> {
  let outside = false;
  const { bytes } = await inspectMessage(
    unarmored(file, () => {
      outside = true;
    }),
  );
  return { bytes, outside };
}

/**
 * The message in a file. It is checked once more as it is read, since the file may have changed: the stream fails
 * before the first chunk that cannot belong to an encrypted message.
 */
export function messageOf(file: Blob): ReadableStream<Uint8Array> {
  return unarmored(file).pipeThrough(messageGuard());
}

function unarmored(file: Blob, onText?: () => void): ReadableStream<Uint8Array> {
  return file.stream().pipeThrough(withoutArmor(onText)).pipeThrough(noSecretKey());
}

import { Fault, headOf } from "../core/index.js";
import { DecryptError, type DecryptFault } from "./decrypt-error.js";
import { messageIn } from "./message-file.js";
import {
  ArmorError,
  holdsArmor,
  inspectMessage,
  MessageError,
  type MessageFault,
  type MessageReport,
} from "./packets/index.js";
import type { KeyPart } from "./secret-part.js";

/** Faults of decryption whose cause the framing of the message, or a key that is closed, may tell. */
const VAGUE = new Set(["not_a_message", "no_matching_key", "damaged", "refused"]);

const HEAD_BYTES = 256 * 1024;

/** What the framing tells; the other faults leave the cause as it is. */
const FRAMING: Readonly<Partial<Record<MessageFault, readonly [DecryptFault, string]>>> = {
  empty: ["empty", "the file is empty"],
  truncated: ["truncated", "the file is cut off"],
  trailing_data: ["trailing_data", "something follows the encrypted message"],
  not_openpgp: ["not_encrypted", "nothing in this file is encrypted"],
  not_encrypted: ["not_encrypted", "nothing in this file is encrypted"],
  password_encrypted: ["password_encrypted", "this is encrypted with a password, not to a key"],
  libre_aead: ["unsupported", "a newer GnuPG has encrypted this in a way of its own (OCB): open it with that GnuPG"],
  no_integrity: ["unsupported", "this is encrypted in an old way without an integrity check"],
  foreign_algorithm: ["unsupported", "this is encrypted for a kind of key that postern does not know"],
  unsupported: ["unsupported", "this is encrypted in a way that postern does not know"],
};

/**
 * The cause of a message's refusal in more precise words, found without a key.
 * @param message the whole file again; it is not read unless it may tell more
 * @param closed the parts of the keys given that are not open
 * @returns `cause` itself if there is nothing more to say
 */
export async function diagnose(
  message: () => ReadableStream<Uint8Array>,
  cause: unknown,
  closed: readonly KeyPart[],
): Promise<unknown> {
  if (cause instanceof ArmorError) return armorFault(cause, cause, await speaksOfMessage(message()));
  if (!(cause instanceof Fault) || !VAGUE.has(cause.code)) return cause;
  try {
    const report = await inspectMessage(await messageIn(message()));
    return cause.code === "no_matching_key" ? whoseKey(report, closed, cause) : cause;
  } catch (framing) {
    const armored = await speaksOfMessage(message());
    if (framing instanceof ArmorError) return armorFault(framing, cause, armored);
    // UTF-16, or another encoding that is not one of text any more.
    if (armored) return new DecryptError("bad_armor", "the armor is damaged", { cause });
    const [code, words] = (framing instanceof MessageError && FRAMING[framing.code]) || [];
    return code === undefined ? cause : new DecryptError(code, words ?? "", { cause });
  }
}

/** Whether the beginning of a text that is no good armor still speaks of a message. */
async function speaksOfMessage(file: ReadableStream<Uint8Array>): Promise<boolean> {
  const { head, stream } = await headOf(file, HEAD_BYTES).catch(() => ({ head: new Uint8Array(0), stream: null }));
  await stream?.cancel().catch(() => undefined);
  return holdsArmor(head);
}

function armorFault({ code, message }: ArmorError, cause: Fault<string>, armored: boolean): DecryptError {
  if (code === "truncated") return new DecryptError("truncated", "the file is cut off", { cause });
  return !armored && (code === "not_armor" || code === "wrong_kind" || code === "secret_key")
    ? new DecryptError("not_encrypted", "nothing in this file is encrypted", { cause })
    : new DecryptError("bad_armor", `the armor is damaged: ${message}`, { cause });
}

function whoseKey({ recipients }: MessageReport, closed: readonly KeyPart[], cause: Fault<string>): Fault<string> {
  const named = recipients.flatMap(({ key }) => key ?? []);
  const meant = closed.filter(({ fingerprint }) => named.some((key) => isKey(fingerprint, key)));
  const card = meant.find(({ lock }) => lock === "card");
  if (card !== undefined) {
    return new DecryptError("card_key", "this is for a key whose secret is on a smart card", { cause });
  }
  const mayFit = named.length < recipients.length ? closed : meant;
  if (mayFit.some(({ lock }) => lock === "passphrase")) {
    const words =
      meant.length > 0 ? "this is for a key that stays locked" : "none of the open keys opens it; others stay locked";
    return new DecryptError("locked_key", words, { cause });
  }
  if (named.length < recipients.length) return cause;
  const keys = `it is for the key ${named.slice(0, 3).join(", ").toUpperCase()}`;
  return new DecryptError("no_matching_key", `${cause.message}: ${keys}`, { cause });
}

/** Whether `key`, the id or fingerprint in a message, is that of the key with this fingerprint. */
function isKey(fingerprint: string, key: string): boolean {
  const hex = fingerprint.toLowerCase();
  return hex !== "" && (hex === key || (hex.length === 40 ? hex.endsWith(key) : hex.startsWith(key)));
}

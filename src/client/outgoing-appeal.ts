import {
  type Archive,
  createReceiptCode,
  createSubmission,
  deriveReplyAddress,
  type ReplyAddress,
  randomHex,
  type SubmissionContents,
} from "../core/index.js";
import type { Appeal } from "./messages.js";

/** An appeal with all that its archive needs. It stays the same however often its upload starts over. */
export interface OutgoingAppeal {
  readonly appeal: Appeal;
  /** 32 hex digits, random. */
  readonly caseId: string;
  /** 20 digits: new, or the code of the submission that this one adds to. */
  readonly code: string;
  readonly reply: ReplyAddress;
}

/** A new receipt code with the address that derives from it. */
export type NewCode = Pick<OutgoingAppeal, "code" | "reply">;

/**
 * Takes about half a second of PBKDF2.
 * @param portalSalt 16 bytes
 */
export async function createCode(portalSalt: Uint8Array, code = createReceiptCode()): Promise<NewCode> {
  return { code, reply: await deriveReplyAddress(code, portalSalt) };
}

/**
 * Gives an appeal its case id, and its receipt code unless it has one.
 * @param takeNew called only for one that has none; its code must not be used for another
 * @param portalSalt 16 bytes
 */
export async function createOutgoing(
  appeal: Appeal,
  portalSalt: Uint8Array,
  takeNew = () => createCode(portalSalt),
): Promise<OutgoingAppeal> {
  const code = await (appeal.code === null ? takeNew() : createCode(portalSalt, appeal.code));
  return { appeal, caseId: randomHex(16), ...code };
}

/** The code to show, or null if the submitter has it already. */
export function newCodeOf({ appeal, code }: OutgoingAppeal): string | null {
  return appeal.code === null ? code : null;
}

/** @throws ArchiveWriteError at once or through the stream */
export function archiveOf(
  { appeal, caseId, reply }: OutgoingAppeal,
  encryptedBy: SubmissionContents["encryptedBy"],
): Archive {
  const { code, documents, ...written } = appeal;
  return createSubmission({
    ...written,
    caseId,
    reply,
    followUp: code !== null,
    documents: documents.map((file) => ({
      name: file.name,
      type: file.type,
      size: file.size,
      open: () => file.stream(),
    })),
    encryptedBy,
  });
}

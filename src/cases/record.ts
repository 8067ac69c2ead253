import { z } from "zod";
import { ArchiveError } from "../core/archive-rules.js";
import { type ReplyAddress, readReplyAddress } from "../core/reply-address.js";
import type { Case } from "./case.js";

/** What staff's side relies on, checked; the answers themselves are for people to read. */
export interface CaseRecord {
  /** 32 hex digits. */
  readonly caseId: string;
  /** Null where the submitter cannot be answered, or the record says something that is no address. */
  readonly address: ReplyAddress | null;
  /** Whether it says of itself that it adds to an earlier case. Never true without an address. */
  readonly followUp: boolean;
  readonly language: string;
  readonly encrypted: string;
  readonly choices: Case["choices"];
  /** The documents' names as they were given, by their path in the archive. */
  readonly names: ReadonlyMap<string, string>;
}

// Otherwise zod tries whether it may compile code, which a page's policy forbids and reports as an attack.
z.config({ jitless: true });

/** What is not what it should be, beside the first three, counts as not there: an appeal is not refused for it. */
const submission = z.object({
  format: z.literal("postern-submission"),
  version: z.literal(1),
  case: z.string().regex(/^[0-9a-f]{32}$/),
  reply: z.unknown().optional(),
  followUp: z.unknown().optional(),
  language: z.string().catch(""),
  encrypted: z.string().catch(""),
  files: z.array(z.object({ entry: z.string(), name: z.string() }).catch({ entry: "", name: "" })).catch([]),
  choices: z
    .record(
      z.string(),
      z
        .object({ question: z.string(), chosen: z.array(z.object({ label: z.string() })) })
        .catch({ question: "", chosen: [] }),
    )
    .catch({}),
});

/**
 * Reads the contents of a submission.json, which whoever wrote the submission chose.
 * @throws ArchiveError `malformed`
 */
export function readRecord(octets: Uint8Array): CaseRecord {
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(octets));
  } catch (cause) {
    throw new ArchiveError("malformed", "submission.json is not JSON", { cause });
  }
  const read = submission.safeParse(data);
  if (!read.success) {
    throw new ArchiveError("malformed", "submission.json is not a record of a submission", { cause: read.error });
  }
  const { case: caseId, reply, followUp, language, encrypted, files, choices } = read.data;
  // It can be read also where its address is none, and only not be answered.
  const address = readReplyAddress(reply);
  return {
    caseId,
    address,
    followUp: address !== null && followUp === true,
    language,
    encrypted,
    choices: Object.fromEntries(
      Object.entries(choices).map(([id, { question, chosen }]) => [
        id,
        { question, chosen: chosen.map(({ label }) => label) },
      ]),
    ),
    names: new Map(files.map(({ entry, name }) => [entry, name])),
  };
}

/** Equal for those who can be answered at one address: by mailbox and key, so that the mailbox's name alone opens no case. */
export function addressKey({ address }: CaseRecord): string {
  return `${address?.mailbox} ${address?.key}`;
}

export function shortCase({ caseId }: CaseRecord): string {
  return caseId.slice(0, 8);
}

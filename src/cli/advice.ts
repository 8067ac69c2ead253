import type { TemplateError } from "../cases/index.js";
import type { ArchiveError, ArchiveWriteError, ReplyError } from "../core/index.js";
import type {
  GpgError,
  OpenError,
  PickupArchiveError,
  RekeyError,
  ReplyFileError,
  SecretKeyError,
  TemplateFileError,
} from "../desk/index.js";
import type { DecryptFault, EncryptError, KeyFileFault } from "../openpgp/index.js";

/** Every code of a refusal by `postern open`, `rekey` and `reply`, other than of wrong usage. */
export type RefusalCode =
  | DecryptFault
  // Of a file with a thousand packets and more, which no program makes.
  | "malformed_packet"
  | KeyFileFault
  | ArchiveError["code"]
  | ArchiveWriteError["code"]
  | EncryptError["code"]
  | GpgError["code"]
  | OpenError["code"]
  | PickupArchiveError["code"]
  | RekeyError["code"]
  | ReplyError["code"]
  | ReplyFileError["code"]
  | SecretKeyError["code"]
  | TemplateError["code"]
  | TemplateFileError["code"];

const COPY_AGAIN = "copy the file again; if that does not help, keep it and tell the operator";
const BY_HAND = "somebody built this by hand, perhaps to attack you: open it with nothing else, and tell the operator";
const WITH_GPG = "try postern open --gpg, with GnuPG 2.4 or newer and the same key in it";
const EXPORT_KEY = "give --key the file that gpg --export-secret-keys writes, or the one ending in -secret.asc";

/** What staff can do about a refusal. */
export const ADVICE: Readonly<Record<RefusalCode, string>> = {
  // The file
  not_a_message: COPY_AGAIN,
  empty: "nothing was copied: copy the file again",
  truncated: "only a part was copied: copy the file again, and wait until the medium is ready",
  trailing_data: "two files were joined, or something was appended: copy the file again",
  damaged: COPY_AGAIN,
  armored: "run gpg --dearmor on the file and open what it writes, or use --key",
  malformed_packet: BY_HAND,
  bad_armor: "a mail program may have changed the text: ask for the file itself",
  not_encrypted: "it is a key, a signed text or a readable file; destroy copies of a letter that was carried like this",
  password_encrypted: "only the sender knows the password: ask for a file that is encrypted to your key",
  unsupported: WITH_GPG,
  too_many_recipients: "our form never makes such a file: do not open it",
  too_compressed: "if you trust its sender, ask for it without compression (gpg --compress-algo none)",
  no_matching_key: "is it the right key? is the file older than your key? other staff may have the key",
  locked_key: "run the command again, with the passphrase of each key",
  card_key: "insert the card and run postern open --gpg",
  // A download from the pickup pages
  incomplete: "the download or the copy broke off: copy the file again, or download it again",
  not_a_pickup: "give the file as the pickup pages made it, or unpack it and give the folder",
  not_the_same: "the medium may be failing: download the file again",
  // Its contents
  not_an_archive: BY_HAND,
  malformed: BY_HAND,
  forbidden_type: BY_HAND,
  unsafe_path: BY_HAND,
  duplicate_entry: BY_HAND,
  too_many_entries: BY_HAND,
  // The key
  not_keys: EXPORT_KEY,
  public_only: EXPORT_KEY,
  revocation: `a revocation certificate is no key; ${EXPORT_KEY}`,
  message: `this is a submission, or a backup that gpg has to decrypt first; ${EXPORT_KEY}`,
  gnupg_file: `only GnuPG reads the files in its own folder; ${EXPORT_KEY}`,
  signing_only: "it has no key that decrypts: export the whole key, with its subkeys",
  locked: "try again, or give --passphrase-file once for each passphrase",
  on_card: "insert the card and run postern open --gpg",
  absent: "the key was exported without this part: find the file or the machine that has it",
  weak_lock: "set its passphrase again in GnuPG (gpg --edit-key, passwd), and export it anew",
  costly_lock: "set its passphrase again in the program that made it, with lower costs, and export it anew",
  unsupported_key: WITH_GPG,
  // GnuPG
  missing: "install GnuPG, or use --key",
  refused: "run gpg --decrypt on the file to see what GnuPG says",
  no_passphrase: "run the command again, and type the passphrase or PIN",
  no_pinentry: "install pinentry, for instance pinentry-curses, or use --key",
  no_card: "insert the card; if its PIN is blocked, unblock it with gpg --card-edit",
  // The machine
  unreadable: "is the medium still connected? may you read the file?",
  cannot_write: "may you write to that folder? is its medium full, read-only or removed?",
  no_space: "free some space, or choose another folder with --out, and run the command again",
  crashed: "run the command again; if this file fails again, keep it and tell the operator",
  out_of_memory: "close other programs and run the command again with --jobs 1",
  stalled: "run the command again, with a higher --timeout if the machine or its medium is slow",
  stopped: "run the command again: it goes on where it stopped",
  // rekey
  exists: "it has been encrypted anew already; to do it again, choose another folder with --out",
  no_recipient: "put the certificates of the new readers into the folder --to",
  encryption_failed: "check the certificates in the folder --to with postern keys check",
  // reply
  not_a_case: "name a folder that postern open made, such as cases/submission-9b7c72d3",
  no_address: "it came without a receipt code: answer through another channel",
  foreign: "only our form gives a receipt code: answer through another channel, if the letter names one",
  not_text: "save the answer as plain text in UTF-8",
  no_template: "write it into the folder templates beside the cases, as NAME.ru.txt, NAME.uk.txt and NAME.en.txt",
  not_a_template: "save the template as plain text in UTF-8 of at most 20,000 characters",
  unknown_field: "a template's fields are {name}, {number} and {date}; nothing else may stand in braces",
  no_name: "answer this case by itself with --text: only a name of plain words is copied into an answer",
  not_a_reply_key: "submission.json in that folder was changed: open the submission again into another folder",
  too_large: "send fewer or smaller documents; for a submission, open it with gpg in a disposable machine",
  file_too_large: "send it in parts under 8 GiB",
  size_changed: "the file changed while it was read: close the program that writes it, and try again",
  read_failed: "is the medium still connected? may you read the file?",
};

function isRefusal(code: string): code is RefusalCode {
  return Object.hasOwn(ADVICE, code);
}

/** A line for each of `codes` that has advice, each advice once. */
export function adviceFor(codes: Iterable<string>): string {
  const lines = [...new Set(codes)].flatMap((code) => (isRefusal(code) ? [`  ${code}: ${ADVICE[code]}\n`] : []));
  return lines.length === 0 ? "" : `what to do:\n${lines.join("")}`;
}

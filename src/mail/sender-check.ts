import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { dmarc } from "mailauth/lib/dmarc/index.js";
import { fieldsOf, type MailSenderCheck } from "../core/index.js";
import { fromDomain, headLines, headOfMessage } from "./message-head.js";
import { MAX_SIGNATURES, type SenderRecords } from "./sender-records.js";

/** The library works on each line by itself, above all on bare ones, and takes time with the square of their length. */
const MAX_LINES = 800_000;
const MAX_BARE_LINES = 20_000;
const MAX_LINE_BYTES = 64 * 1024;
const ALGORITHMS: readonly unknown[] = ["rsa-sha256", "ed25519-sha256"];
const LF = 0x0a;
const CR = 0x0d;

/** Checks a message by what the DNS said before: it asks nobody. A fault of the library counts as not proved. */
export async function checkSender(message: Uint8Array, { spf, texts }: SenderRecords): Promise<MailSenderCheck> {
  const result = { spf: `${spf.result} ${spf.domain}`.trim(), dkim: "none", dmarc: "none", proved: "" };
  const head = headOfMessage(message);
  const lines = head === null ? [] : headLines(head);
  const author = fromDomain(lines);
  const signatures = lines.filter(([name]) => name === "dkim-signature").map(([, value]) => value);
  if (author === null) return result;
  const resolver = async (name: string) => {
    const found = texts.get(name.toLowerCase());
    if (found === undefined) throw new NoRecordError("nothing was found");
    return found.map((record) => [...record]);
  };
  const whole = Buffer.from(message.buffer, message.byteOffset, message.length);
  const checkable = signatures.length > 0 && signatures.length <= MAX_SIGNATURES && isHashable(message, signatures);
  const { results } = checkable ? await dkimVerify(whole, { resolver }) : { results: [] };
  const good = results.filter(isGood);
  const [best = results[0]] = good;
  const policy = await dmarc({
    headerFrom: [`author@${author}`],
    spfDomains: spf.result === "pass" ? [spf.domain] : [],
    dkimDomains: good.map(({ id, signingDomain }) => ({ ...(id !== undefined && { id }), domain: signingDomain })),
    resolver,
  });
  const verdict = policy === false ? "none" : policy.status.result;
  const aligned =
    good.some(({ status }) => Boolean(status.aligned)) || (spf.result === "pass" && spf.domain === author);
  return {
    ...result,
    dkim: best === undefined ? "none" : `${best.status.result} ${best.signingDomain ?? ""}`.trim().slice(0, 300),
    dmarc: verdict === "none" ? "none" : `${verdict} ${author}`,
    proved: verdict === "pass" || (verdict === "none" && aligned) ? author : "",
  };
}

/** As node:dns reports a name without records. */
class NoRecordError extends Error {
  readonly code = "ENOTFOUND";
}

/** The library passes signatures that prove nothing of the author: without From, of a part of the text, or of SHA-1. */
function isGood(result: Awaited<ReturnType<typeof dkimVerify>>["results"][number]): boolean {
  const { algo, signingHeaders, signatureTimeValid, canonBodyLengthLimited } = fieldsOf(result);
  const signed = String(fieldsOf(signingHeaders).keys).toLowerCase().split(/:\s*/);
  return (
    result.status.result === "pass" &&
    ALGORITHMS.includes(String(algo).toLowerCase()) &&
    signed.includes("from") &&
    signatureTimeValid === true &&
    canonBodyLengthLimited === false
  );
}

/** Whether the library hashes the message in little time. Each length in a signature would be hashed by itself. */
function isHashable(message: Uint8Array, signatures: readonly string[]): boolean {
  if (signatures.some((value) => /(?:^|;)\s*l\s*=/.test(value))) return false;
  let lines = 0;
  let bare = 0;
  let start = 0;
  for (let at = message.indexOf(LF); at !== -1; at = message.indexOf(LF, start)) {
    lines += 1;
    if (message[at - 1] !== CR) bare += 1;
    if (at - start > MAX_LINE_BYTES || lines > MAX_LINES || bare > MAX_BARE_LINES) return false;
    start = at + 1;
  }
  return message.length - start <= MAX_LINE_BYTES;
}

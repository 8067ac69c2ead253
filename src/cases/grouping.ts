import type { ReplyAddress } from "../core/index.js";
import { withQuestions } from "./answers.js";
import type { Case, CaseSubmission } from "./case.js";
import { addressKey, encryptedIn, shortCase } from "./record.js";
import type { SubmissionSummary } from "./summary.js";

/** An opened submission and the day on which it arrived. */
export interface Opened extends SubmissionSummary {
  readonly day: string;
}

export interface GroupedCase {
  readonly one: Case;
  readonly address: ReplyAddress | null;
  /** The source of each of its submissions, the first submission first. */
  readonly from: ReadonlyMap<CaseSubmission, Opened>;
}

/**
 * The cases, newest day first. A follow-up belongs to the first case with its address, and what was encrypted in a mail
 * to that mail; without one it stands alone.
 */
export function groupCases(opened: readonly Opened[]): GroupedCase[] {
  const firsts = new Map<string, Opened>();
  const mails = new Map<string, Opened>();
  for (const each of opened) {
    const key = addressKey(each.record);
    for (const id of encryptedIn(each.record)) if (!mails.has(id)) mails.set(id, each);
    if (each.record.address !== null && !each.record.followUp && !firsts.has(key)) firsts.set(key, each);
  }
  const followUps = new Map<Opened, Opened[]>();
  const cases: Opened[] = [];
  for (const each of opened) {
    const { foreign, followUp, caseId } = each.record;
    const first = foreign ? mails.get(caseId) : followUp ? firsts.get(addressKey(each.record)) : undefined;
    if (first === undefined) cases.push(each);
    else followUps.set(first, [...(followUps.get(first) ?? []), each]);
  }
  const taken = new Map<string, number>();
  return cases
    .map((each) => group(each, followUps.get(each) ?? [], taken))
    .sort(({ one: left }, { one: right }) => (left.day === right.day ? 0 : left.day < right.day ? 1 : -1));
}

function group(first: Opened, followUps: readonly Opened[], taken: Map<string, number>): GroupedCase {
  const from = new Map<CaseSubmission, Opened>();
  const folder = freeName(`submission-${shortCase(first.record)}`, taken);
  const added = followUps.map((each) => {
    const { foreign } = each.record;
    const name = `${foreign ? "encrypted" : "follow-up"}-${shortCase(each.record)}`;
    const view = { ...viewOf(each), ...(foreign && { foreign }), folder: `${folder}/${name}` };
    from.set(view, each);
    return view;
  });
  const { caseId, language, encrypted, address, mail, foreign } = first.record;
  const one: Case = {
    ...viewOf(first),
    folder,
    id: caseId,
    language,
    encrypted,
    ...(mail && { mail }),
    ...(foreign && { foreign }),
    answerable: address !== null,
    followUps: added,
    status: "new",
    note: "",
  };
  return { one, address, from: new Map([[one, first], ...from]) };
}

function viewOf({ day, letter, documents, record }: Opened): Omit<CaseSubmission, "folder"> {
  return { day, letter, answers: withQuestions(record.answers, letter), documents };
}

/** A second case with the same eight digits gets the suffix `-2`, as on disk. */
function freeName(name: string, taken: Map<string, number>): string {
  const count = (taken.get(name) ?? 0) + 1;
  taken.set(name, count);
  return count === 1 ? name : `${name}-${count}`;
}

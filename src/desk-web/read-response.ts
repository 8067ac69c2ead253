import { fieldsOf, isJsonObject } from "../core/index.js";
import { DESK_FAULTS, type DeskFault, type DeskRequest, type DeskResponse } from "./desk-messages.js";

/**
 * The response that a worker has posted to a request of this kind, or null: what runs there has read hostile input,
 * and may have run out of memory.
 */
export function readResponse(message: unknown, request: DeskRequest["kind"]): DeskResponse | null {
  const { kind, bytes, value, fault, detail } = fieldsOf(message);
  if (kind === "read") return Number.isSafeInteger(bytes) && Number(bytes) >= 0 ? { kind, bytes: Number(bytes) } : null;
  if (kind === "done") return RESULTS[request](value) ? { kind, value } : null;
  return kind === "failed" && isFault(fault) && typeof detail === "string" ? { kind, fault, detail } : null;
}

const RESULTS: Readonly<Record<DeskRequest["kind"], (value: unknown) => boolean>> = {
  unlock: (value) => {
    const { bodies, open, closed, notices } = fieldsOf(value);
    return [bodies, open, closed, notices].every(Array.isArray);
  },
  open: (value) => {
    const { record, letter, documents, day, blocksSha256 } = fieldsOf(value);
    const { caseId, address, names, answers } = fieldsOf(record);
    return (
      [letter, day, blocksSha256, caseId].every((each) => typeof each === "string") &&
      (address === null || typeof address === "object") &&
      names instanceof Map &&
      isAnswers(answers) &&
      Array.isArray(documents)
    );
  },
  document: (value) => value instanceof Blob,
  archive: (value) => value instanceof Blob,
  picture: (value) => typeof ImageBitmap !== "undefined" && value instanceof ImageBitmap,
  reply: (value) => value instanceof Blob,
  "key-work": (value) => {
    const { files, keyFile, destroy, shares, need } = fieldsOf(value);
    return (
      isList(files, isMadeFile) &&
      (keyFile === null || isMadeFile(keyFile)) &&
      isList(destroy, isString) &&
      isList(shares, (share) => isList(share, isString)) &&
      Number.isInteger(need)
    );
  },
};

const isString = (value: unknown) => typeof value === "string";

function isAnswers(value: unknown): boolean {
  const isAnswer = (answer: unknown) => {
    const { question, text, chosen } = fieldsOf(answer);
    return isString(question) && isString(text) && isList(chosen, isString);
  };
  return isJsonObject(value) && Object.values(value).every(isAnswer);
}

function isList(value: unknown, test: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(test);
}

function isMadeFile(value: unknown): boolean {
  const { name, contents } = fieldsOf(value);
  return typeof name === "string" && contents instanceof Blob;
}

function isFault(fault: unknown): fault is DeskFault {
  return typeof fault === "string" && Object.hasOwn(DESK_FAULTS, fault);
}

/** Why a submission was not taken, or a page not given. Each has a title and a cure in every language. */
export type RefusalCode =
  | "nothing_written"
  | "required"
  | "not_a_date"
  | "text_too_long"
  | "too_large"
  | "too_many_files"
  | "bad_request"
  | "receipt_code"
  | "busy"
  | "too_many_requests"
  | "no_space"
  | "key_expired"
  | "cannot_store"
  | "not_found";

/** The HTTP status of each refusal. */
export const REFUSAL_STATUS: Readonly<Record<RefusalCode, number>> = {
  nothing_written: 400,
  required: 400,
  not_a_date: 400,
  bad_request: 400,
  receipt_code: 400,
  not_found: 404,
  text_too_long: 413,
  too_large: 413,
  too_many_files: 413,
  too_many_requests: 429,
  busy: 503,
  cannot_store: 503,
  key_expired: 503,
  no_space: 507,
};

/** HTTP status of every reason for which the server does not take what was sent, or does not give a page. */
const STATUS = {
  nothing_written: 400,
  required: 400,
  not_a_date: 400,
  bad_request: 400,
  receipt_code: 400,
  no_metadata: 400,
  none: 400,
  several: 400,
  foreign_origin: 403,
  not_found: 404,
  wrong_offset: 409,
  expired: 410,
  tus_version: 412,
  text_too_long: 413,
  too_large: 413,
  too_many_files: 413,
  not_encrypted: 422,
  not_a_message: 422,
  secret_key: 422,
  password: 422,
  unknown_recipient: 422,
  foreign_key: 422,
  libre_aead: 422,
  no_integrity: 422,
  unsupported: 422,
  damaged: 422,
  trailing_data: 422,
  proof_of_work: 429,
  too_many_requests: 429,
  not_supported: 501,
  busy: 503,
  cannot_store: 503,
  key_expired: 503,
  no_space: 507,
} as const;

export type Refusal = keyof typeof STATUS;

/** Those of a page with a form, or of any page. Each has a title and a cure in every language. */
export type PageRefusal = Extract<
  Refusal,
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
  | "not_found"
>;

export function statusOf(refusal: Refusal): number {
  return STATUS[refusal];
}

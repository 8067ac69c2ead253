import { Fault } from "../../../core/index.js";

/** Why an upload is not begun or a piece not taken. The answer's text is the code, and nothing of what was sent. */
export type UploadRefusalCode =
  | "bad_request"
  | "no_metadata"
  | "foreign_origin"
  | "not_found"
  | "wrong_offset"
  | "expired"
  | "tus_version"
  | "too_large"
  | "proof_of_work"
  | "too_many_requests"
  | "not_supported"
  | "busy"
  | "key_expired"
  | "cannot_store"
  | "no_space";

const STATUS: Readonly<Record<UploadRefusalCode, number>> = {
  bad_request: 400,
  no_metadata: 400,
  foreign_origin: 403,
  not_found: 404,
  wrong_offset: 409,
  expired: 410,
  tus_version: 412,
  too_large: 413,
  proof_of_work: 429,
  too_many_requests: 429,
  not_supported: 501,
  busy: 503,
  key_expired: 503,
  cannot_store: 503,
  no_space: 507,
};

export class UploadRefusal extends Fault<UploadRefusalCode> {
  readonly status: number;

  constructor(code: UploadRefusalCode, options?: ErrorOptions) {
    super(code, `the upload is refused: ${code}`, options);
    this.status = STATUS[code];
  }
}

/** What came whole is not what is taken here, and was removed. */
export class UnacceptableUpload extends Fault<string> {
  readonly status = 422;
}

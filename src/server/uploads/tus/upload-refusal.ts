import { Fault } from "../../../core/index.js";
import { type Refusal, statusOf } from "../../http/index.js";

/** Why an upload is not begun or a piece not taken. The answer's text is the code, and nothing of what was sent. */
export type UploadRefusalCode = Extract<
  Refusal,
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
  | "no_space"
>;

export class UploadRefusal extends Fault<UploadRefusalCode> {
  readonly status: number;

  constructor(code: UploadRefusalCode, options?: ErrorOptions) {
    super(code, `the upload is refused: ${code}`, options);
    this.status = statusOf(code);
  }
}

/** What came whole is not what is taken here, and was removed. */
export class UnacceptableUpload extends Fault<string> {
  readonly status = 422;
}

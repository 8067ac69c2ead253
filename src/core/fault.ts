/**
 * The base of every error this project throws on purpose: a machine-readable `code` beside the sentence.
 * Callers branch on `code`; people read `message` (lower case, specific, no content of any submission).
 */
export class Fault<Code extends string> extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

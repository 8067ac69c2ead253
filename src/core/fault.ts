/**
 * The base class of every error that Postern throws on purpose. Callers branch on `code`; people read `message`, which
 * is lower case, specific and never quotes a submission.
 */
export class Fault<Code extends string> extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

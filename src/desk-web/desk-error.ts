import { Fault } from "../core/index.js";
import type { DeskFault } from "./desk-messages.js";

/** An error in a worker. */
export class DeskError extends Fault<DeskFault> {
  readonly detail: string;

  /** @param detail one of our error codes, or empty */
  constructor(fault: DeskFault, detail: string) {
    super(fault, `a worker of the desk reports ${fault}`);
    this.detail = detail;
  }
}

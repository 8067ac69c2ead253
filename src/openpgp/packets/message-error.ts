import { Fault } from "../../core/index.js";
import type { PacketFault } from "./packet-header.js";

/** Why a message is refused; docs/FORMAT.md sections 1 and 9 explain each code. */
export type MessageFault =
  | PacketFault
  | "empty"
  | "armored"
  | "not_encrypted"
  | "password_encrypted"
  | "libre_aead"
  | "no_integrity"
  | "no_recipient"
  | "too_many_recipients"
  | "truncated"
  | "trailing_data"
  | "not_password_encrypted"
  | "no_password"
  | "too_many_passwords";

export class MessageError extends Fault<MessageFault> {}

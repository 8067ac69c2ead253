export { ArmorError, type ArmorFault, withoutArmor } from "./armor.js";
export {
  inspectMessage,
  MessageError,
  type MessageFault,
  MessageInspector,
  type MessageLock,
  type MessageReport,
  messageGuard,
} from "./message-inspector.js";
export { readPacketHeader } from "./packet-header.js";
export { type Packet, readPackets } from "./packet-reader.js";

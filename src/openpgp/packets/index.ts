export { withoutArmor } from "./armor.js";
export { ArmorError, type ArmorFault } from "./armor-reader.js";
export { CRC24_INITIAL, crc24 } from "./crc24.js";
export { MessageError, type MessageFault } from "./message-error.js";
export { messageGuard } from "./message-guard.js";
export { inspectMessage, MessageInspector, type MessageReport } from "./message-inspector.js";
export { readPacketHeader } from "./packet-header.js";
export { type Packet, packetsIn, readPackets } from "./packet-reader.js";
export type { MessageLock } from "./packet-sequence.js";

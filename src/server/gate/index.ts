export { BusyError, FairQueue } from "./fair-queue.js";
export { GATE_LIMITS, Gate, type GateLimits, type Verdict } from "./gate.js";
export { Proofs } from "./proofs.js";
export { ProxyProtocol } from "./proxy-protocol.js";
export { type Shortage, Space, type Tally } from "./space.js";
export { type ClientSource, Visitors } from "./visitors.js";

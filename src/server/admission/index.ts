export { type Shortage, Space, type Tally } from "./capacity.js";
export { BusyError, FairQueue } from "./fair-queue.js";
export { GATE_LIMITS, Gate, type GateLimits, type Verdict } from "./gate.js";
export { Proofs } from "./proof-of-work.js";
export { ProxyProtocol } from "./proxy-protocol.js";
export { type ClientSource, Visitors } from "./visitors.js";

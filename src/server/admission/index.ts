export { Capacity, type Shortage, type Tally } from "./capacity.js";
export { BusyError, FairQueue } from "./fair-queue.js";
export { type AdmissionRefusal, GATE_LIMITS, Gate, type GateLimits } from "./gate.js";
export { preflight } from "./preflight.js";
export { ProofsOfWork } from "./proof-of-work.js";
export { ProxyProtocol } from "./proxy-protocol.js";
export { type ClientSource, Visitors } from "./visitors.js";

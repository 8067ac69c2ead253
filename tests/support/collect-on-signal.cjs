// Preloaded into a portal whose memory is measured: SIGUSR2 makes V8 collect garbage, so that what is measured
// afterwards is what the portal really holds.
const { Session } = require("node:inspector");

const session = new Session();
session.connect();
process.on("SIGUSR2", () => session.post("HeapProfiler.collectGarbage"));

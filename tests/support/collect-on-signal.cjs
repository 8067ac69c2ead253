// Preloaded into a portal whose memory is looked at: SIGUSR2 makes V8 let go of whatever nobody holds any more, so that what is
// seen afterwards is what is really kept.
const { Session } = require("node:inspector");

const session = new Session();
session.connect();
process.on("SIGUSR2", () => session.post("HeapProfiler.collectGarbage"));

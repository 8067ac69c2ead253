import { EXIT_CODE } from "./exit-code.js";
import type { Commands } from "./run.js";
import { unsupportedNode } from "./supported-node.js";

/** Runs `postern`. An unsupported Node is named first: there, other modules fail while they load. */
export async function start(commands: Commands): Promise<void> {
  const unsupported = unsupportedNode(process.versions.node);
  if (unsupported === null) return (await import("./run.js")).run(commands);
  process.stderr.write(`postern: ${unsupported}\n`);
  process.exitCode = EXIT_CODE.failed;
}

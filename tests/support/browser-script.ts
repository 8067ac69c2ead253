import { createServer } from "node:http";
import { build } from "esbuild";
import type { Line } from "./line.js";
import { closeNow, listenLocally } from "./loopback.js";

/** Serves on loopback an empty page, and at `/script.js` the bundle of `entry`, its exports as the global `bundled`. */
export async function serveScript(entry: string): Promise<Line> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: "iife",
    globalName: "bundled",
    platform: "browser",
    write: false,
    logLevel: "warning",
  });
  const script = outputFiles[0]?.text ?? "";
  const server = createServer((request, response) => {
    const isScript = request.url === "/script.js";
    response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : "<!doctype html><title>test</title>");
  });
  return {
    url: await listenLocally(server),
    close: () => closeNow(server),
  };
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { MAIN } from "./running.js";

export interface DeskServer {
  /** Works once, in one browser. */
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/** `postern desk` over a folder of cases, in a process of its own, which opens no browser. */
export async function startDesk(cases: string): Promise<DeskServer> {
  const child = spawn(process.execPath, [MAIN, "desk", cases, "--no-keep-for"], {
    env: { PATH: process.env.PATH ?? "" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  let said = "";
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text) => {
      said += text;
      const found = /http:\/\/\S+/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
    closed.then(() => reject(new Error(`postern desk did not start: ${said}`)), reject);
  });
  return {
    address,
    stop: async () => {
      child.kill("SIGTERM");
      await closed;
    },
  };
}

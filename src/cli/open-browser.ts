import { spawn } from "node:child_process";

/** Opens `url` in the browser of whoever sits before this machine, where there is one. */
export function openBrowser(url: string, hasDisplay: boolean): void {
  const [command, ...words] = opener(url, hasDisplay);
  if (command === undefined) return;
  const child = spawn(command, words, { stdio: "ignore", detached: true });
  // Without the program, the address on the terminal is enough.
  child.on("error", () => undefined);
  child.unref();
}

function opener(url: string, hasDisplay: boolean): readonly string[] {
  switch (process.platform) {
    case "darwin":
      return ["open", url];
    case "win32":
      return ["explorer.exe", url];
    default:
      return hasDisplay ? ["xdg-open", url] : [];
  }
}

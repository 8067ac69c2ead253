import { spawn } from "node:child_process";

/** Opens `url` in the browser of whoever sits before this machine, where there is one. */
export function openBrowser(url: string): void {
  const [command, ...words] = opener(url);
  if (command === undefined) return;
  const child = spawn(command, words, { stdio: "ignore", detached: true });
  // Without the program, the address on the terminal is enough.
  child.on("error", () => undefined);
  child.unref();
}

function opener(url: string): readonly string[] {
  switch (process.platform) {
    case "darwin":
      return ["open", url];
    case "win32":
      return ["explorer.exe", url];
    default: {
      const { DISPLAY, WAYLAND_DISPLAY } = process.env;
      return DISPLAY === undefined && WAYLAND_DISPLAY === undefined ? [] : ["xdg-open", url];
    }
  }
}

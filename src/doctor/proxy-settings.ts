import type { Machine } from "./machine.js";

/** Stops a loop of generated includes. */
const MAX_INCLUDED_FILES = 200;

/** The lines of a settings file, without comments. */
export function settingLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/(?:^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
}

/** nginx's statements in a file and in all files it includes. */
export async function nginxStatements(machine: Machine, path: string, text: string): Promise<string[]> {
  const statements: string[] = [];
  const seen = new Set([path]);
  const waiting = [text];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const statement of settingLines(next)
      .flatMap((line) => line.split(/[;{}]/))
      .map((each) => each.trim())) {
      if (statement === "") continue;
      statements.push(statement);
      const pattern = /^include\s+(.+)$/.exec(statement)?.[1];
      if (pattern === undefined || seen.size > MAX_INCLUDED_FILES) continue;
      for (const file of await machine.match(pattern.startsWith("/") ? pattern : `/etc/nginx/${pattern}`)) {
        const included = seen.has(file) ? null : await machine.read(file);
        seen.add(file);
        if (included !== null) waiting.push(included);
      }
    }
  }
  return statements;
}

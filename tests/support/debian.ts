import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./gpg.js";

export const SUITES = ["bookworm", "trixie"] as const;
export type Suite = (typeof SUITES)[number];

/**
 * Unpacks programs of a Debian suite with all that they need into `folder`, as any user and beside what is installed.
 * @param programs executables below /usr/bin, by the package that holds them
 * @returns a folder with those programs
 */
export async function unpackDebian(
  suite: Suite,
  folder: string,
  programs: Readonly<Record<string, readonly string[]>>,
): Promise<string> {
  const at = (...names: readonly string[]) => join(folder, suite, ...names);
  for (const name of ["lists/partial", "archives/partial", "root", "bin"]) await mkdir(at(name), { recursive: true });
  await writeFile(at("sources.list"), `deb http://deb.debian.org/debian ${suite} main\n`);
  // Nothing is installed there: apt brings every library as well.
  await writeFile(at("status"), "");
  const options = [
    `Dir::Etc::SourceList=${at("sources.list")}`,
    "Dir::Etc::SourceParts=-",
    `Dir::State::Lists=${at("lists")}`,
    `Dir::State::Status=${at("status")}`,
    `Dir::Cache=${at()}`,
    `Dir::Cache::Archives=${at("archives")}`,
    "Debug::NoLocking=1",
    "APT::Sandbox::User=root",
  ].flatMap((option) => ["-o", option]);
  await must("apt-get", "-qq", ...options, "update");
  const download = ["--no-install-recommends", "--download-only", "--yes", "install", ...Object.keys(programs)];
  await must("apt-get", "-qq", ...options, ...download);
  for (const name of await readdir(at("archives"))) {
    if (name.endsWith(".deb")) await must("dpkg-deb", "-x", at("archives", name), at("root"));
  }
  const [loader = ""] = (await must("find", at("root"), "-name", "ld-linux*.so.*")).split("\n");
  const libraries = (await must("find", at("root"), "-name", "libc.so.6")).trim().split("\n");
  const folders = libraries.map((library) => library.slice(0, library.lastIndexOf("/")));
  const path = [...folders, ...folders.map((each) => each.replace("/root/lib/", "/root/usr/lib/"))].join(":");
  for (const name of Object.values(programs).flat()) {
    // gpg would start the agent that is installed.
    const agent = name === "gpg" ? ` --agent-program ${at("bin", "gpg-agent")}` : "";
    const line = `exec ${loader} --library-path ${path} ${at("root", "usr", "bin", name)}${agent} "$@"`;
    await writeFile(at("bin", name), `#!/bin/sh\n${line}\n`);
    await chmod(at("bin", name), 0o755);
  }
  return at("bin");
}

async function must(program: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(program, args);
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${stderr}`);
  return stdout.toString();
}

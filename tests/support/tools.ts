import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

export type Tool =
  | "gpg"
  | "apt-get"
  | "dpkg-deb"
  | "lintian"
  | "gzip"
  | "xz"
  | "faketime"
  | "setpriv"
  | "gpgtar"
  | "gpgconf"
  | "sq"
  | "rnp"
  | "rnpkeys"
  | "tar"
  | "bash"
  | "script"
  | "chromium"
  | "firefox-esr"
  | "tor"
  | "tor-gencert"
  | "caddy"
  | "nginx"
  | "openssl"
  | "postfix"
  | "exim4"
  | "swaks"
  | "msmtp"
  | "nft"
  | "unshare"
  | "nsenter"
  | "ip"
  | "systemd-analyze"
  | "systemd-notify"
  | "ceph"
  | "ceph-mon"
  | "ceph-osd"
  | "ceph-mgr"
  | "radosgw"
  | "radosgw-admin"
  | "monmaptool"
  | "onionshare-cli"
  | "python3"
  | "gfcombine"
  | "exiftool"
  | "heif-convert";

/** Whether `tool` is on the PATH. */
export function hasTool(tool: Tool): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, tool)));
}

/**
 * For `describe.runIf(requireTools("what is tested", "gpg", "sq"))`. False, with one printed line, if a tool is absent;
 * with POSTERN_REQUIRE_ALL=1 that is an error instead, so that nothing is skipped where everything must run.
 */
export function requireTools(what: string, ...tools: readonly Tool[]): boolean {
  const missing = tools.filter((tool) => !hasTool(tool));
  if (missing.length === 0) return true;
  const line = `${what}: not installed: ${missing.join(", ")}`;
  if (process.env.POSTERN_REQUIRE_ALL === "1") throw new Error(line);
  process.stderr.write(`skipped: ${line}\n`);
  return false;
}

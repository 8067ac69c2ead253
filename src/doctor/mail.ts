import { resolveMx } from "node:dns/promises";
import { hostname } from "node:os";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { DAY_MS } from "../core/index.js";
import { type CheckResult, fault, orOk, warning } from "./check.js";
import type { Address } from "./listeners.js";
import { SmtpDialog } from "./smtp-dialog.js";

/** The settings of letters by email. */
export interface MailPlace {
  readonly listen: Address;
  readonly protocol: "smtp" | "lmtp";
  /** In lower case. */
  readonly addresses: readonly string[];
  readonly requireTls: boolean;
  /** Resolvers to check senders with, empty for those of the machine; null where none is checked. */
  readonly resolvers?: readonly string[] | null;
  /** The server that answers go out through; null where there are none. */
  readonly answer?: { readonly server: string } | null;
}

/** Host names of the servers that take mail for a domain; empty if there are none. */
export type FindServers = (domain: string) => Promise<readonly string[]>;

const STRANGER = "postern-doctor@relay.invalid";
const WARNING_DAYS = 14;
/** Names of programs and their versions. */
const TELLING = /postfix|exim|sendmail|node|smtp-server|postern|\d+\.\d+\.\d+/i;

export const findServers: FindServers = async (domain) => {
  const found = await resolveMx(domain).catch((cause: unknown) => {
    const code = cause instanceof Error && "code" in cause ? cause.code : "";
    if (code === "ENODATA" || code === "ENOTFOUND") return [];
    throw cause;
  });
  return found.map(({ exchange }) => exchange.toLowerCase());
};

/** Talks to the mail server as a sending server does, without sending anything. */
export async function checkMailServer(
  { listen, protocol, addresses, requireTls }: MailPlace,
  now: Date,
  find: FindServers = findServers,
): Promise<readonly CheckResult[]> {
  const { dialog, greeting } = await SmtpDialog.open(listen);
  try {
    const hello = `${protocol === "lmtp" ? "LHLO" : "EHLO"} postern-doctor.invalid`;
    const abilities = await dialog.say(hello);
    const problems = checkBanner(`${greeting}\n${abilities}`);
    if (protocol === "lmtp") return orOk(problems, "the mail server answers over LMTP");
    const offered = /^250[- ]STARTTLS\r?$/im.test(abilities);
    if (!offered) {
      problems.push(fault("the mail server offers no TLS", "set POSTERN_MAIL_CERTIFICATE and POSTERN_MAIL_KEY"));
    } else {
      if (requireTls && !(await dialog.say("MAIL FROM:<>")).startsWith("530")) {
        problems.push(fault("the mail server takes mail without TLS", "restart it: its settings have changed"));
      }
      const certificate = await dialog.startTls();
      await dialog.say(hello);
      problems.push(...checkCertificate(certificate, now), ...(await checkServers(certificate, addresses, find)));
    }
    problems.push(...(await checkRecipients(dialog, addresses)));
    return orOk(problems, `the mail server takes letters for ${addresses.join(", ")}, over TLS, and relays nothing`);
  } finally {
    dialog.close();
  }
}

function checkBanner(said: string): CheckResult[] {
  const host = hostname();
  const telling = TELLING.exec(said)?.[0] ?? (host.length > 3 && said.includes(host) ? host : undefined);
  return telling === undefined
    ? []
    : [warning(`the mail server's banner tells ${telling}`, "let nothing stand in front that writes its own banner")];
}

function checkCertificate({ valid_to: end }: PeerCertificate, now: Date): CheckResult[] {
  const days = Math.floor((Date.parse(end) - now.getTime()) / DAY_MS);
  const fix = "renew the certificate, and put it where POSTERN_MAIL_CERTIFICATE says";
  if (!(days >= 0)) return [fault("the mail server's certificate has expired", fix)];
  return days < WARNING_DAYS ? [warning(`the mail server's certificate expires in ${days} days`, fix)] : [];
}

/** The server for each domain must be this one, under a name that its certificate has. */
async function checkServers(
  certificate: PeerCertificate,
  addresses: readonly string[],
  find: FindServers,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const domain of new Set(addresses.map((address) => address.slice(address.lastIndexOf("@") + 1)))) {
    const servers = await find(domain);
    const [first, ...others] = servers;
    if (first === undefined) {
      results.push(
        fault(`${domain} has no MX record`, `add one that names this machine, such as ${domain} MX 10 mx.${domain}`),
      );
    }
    if (others.length > 0) {
      results.push(
        warning(`${domain} has ${servers.length} mail servers`, "keep only this one: another holds letters readable"),
      );
    }
    for (const server of servers) {
      if (checkServerIdentity(server, certificate) === undefined) continue;
      results.push(
        warning(`the certificate is not for ${server}, the mail server of ${domain}`, "get one with that name for it"),
      );
    }
  }
  return results;
}

async function checkRecipients(dialog: SmtpDialog, addresses: readonly string[]): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const answer = await dialog.say("MAIL FROM:<>");
  if (!answer.startsWith("250")) {
    return [fault(`the mail server takes no letters now: ${answer}`, "see its log: journalctl -u postern-mail")];
  }
  if (!(await dialog.say(`RCPT TO:<${STRANGER}>`)).startsWith("5")) {
    results.push(fault("the mail server takes mail for others", "stop it: somebody else listens there"));
  }
  for (const address of addresses) {
    if ((await dialog.say(`RCPT TO:<${address}>`)).startsWith("250")) continue;
    results.push(fault(`the mail server refuses letters for ${address}`, "restart it: its settings have changed"));
  }
  return results;
}

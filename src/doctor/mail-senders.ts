import { getServers, Resolver } from "node:dns/promises";
import { checkServerIdentity } from "node:tls";
import { isLoopback, smtpOptions } from "../http-client/index.js";
import { type CheckResult, fault, orOk, warning } from "./check.js";
import { SmtpDialog } from "./smtp-dialog.js";

const TIMEOUT_MS = 5_000;
const PORT = 25;
const TLS_PORT = 465;

/** Asks each resolver that senders are checked with. @param servers empty for those of the machine */
export async function checkResolvers(
  servers: readonly string[],
  [address = ""]: readonly string[],
): Promise<readonly CheckResult[]> {
  const domain = address.slice(address.lastIndexOf("@") + 1);
  const used = servers.length > 0 ? servers : getServers();
  const results: CheckResult[] = [];
  for (const server of used) {
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
    resolver.setServers([server]);
    const code = await resolver.resolveMx(domain).then(
      () => "",
      (cause: unknown) => (cause instanceof Error && "code" in cause ? String(cause.code) : "unknown"),
    );
    if (!["", "ENODATA", "ENOTFOUND"].includes(code)) {
      results.push(
        fault(`the resolver ${server} does not answer: ${code}`, "set POSTERN_MAIL_RESOLVER to one that does"),
      );
    }
    if (!isLoopback(server.replace(/:\d+$/, "").replace(/^\[|\]$/g, ""))) {
      results.push(
        warning(
          `the resolver ${server} learns the domain of whoever writes`,
          "run one on this machine, such as unbound, and set POSTERN_MAIL_RESOLVER=127.0.0.1",
        ),
      );
    }
  }
  return orOk(results, "the resolvers for senders answer, and are on this machine");
}

/** Talks to the mail server that answers go out through, without a login and without sending anything. */
export async function checkAnswers(url: string): Promise<readonly CheckResult[]> {
  const { host, port, secure, requireTLS } = smtpOptions(url);
  const address = { host, port: port ?? (secure ? TLS_PORT : PORT) };
  const { dialog } = await SmtpDialog.open(address, secure);
  try {
    const abilities = await dialog.say("EHLO postern-doctor.invalid");
    const results: CheckResult[] = [];
    if (requireTLS && !secure && !/^250[- ]STARTTLS\r?$/im.test(abilities)) {
      return [fault(`${host} offers no TLS: no answer goes out`, "set POSTERN_MAIL_SMTP to a server that does")];
    }
    if (requireTLS) {
      const certificate = secure ? dialog.certificate : await dialog.startTls();
      if (certificate === null || checkServerIdentity(host, certificate) !== undefined) {
        results.push(
          fault(`the certificate of ${host} is not for it: no answer goes out`, "name the server as it does"),
        );
      }
    }
    return orOk(results, `answers to letters go out through ${host}`);
  } finally {
    dialog.close();
  }
}

import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { closed } from "./loopback.js";
import type { Namespace } from "./namespace.js";

/** The name that deploy/Caddyfile has. */
export const NAME = "portal.example.org";

export interface TlsProxy {
  /** Base64 of the SHA-256 of its certificate's public key, for browsers to accept it by. */
  readonly publicKeyHash: string;
  readonly close: () => Promise<void>;
}

/** What answers by one name: at `target()` in this process's network, asked for each connection. */
export interface Site {
  readonly name: string;
  readonly target: () => string;
}

/** Runs Caddy with deploy/Caddyfile in `namespace`, in front of `sites`. */
export async function tlsProxy(namespace: Namespace, folder: string, sites: readonly Site[]): Promise<TlsProxy> {
  const publicKeyHash = await certify(
    folder,
    sites.map(({ name }) => name),
  );
  const endings = await Promise.all(sites.map(({ name, target }) => pass(join(folder, `${name}.sock`), target)));
  const text = await readFile(new URL("../../deploy/Caddyfile", import.meta.url), "utf8");
  const begin = text.indexOf(`${NAME} {`);
  const blocks = sites.map(({ name }) =>
    text
      .slice(begin)
      .replaceAll("/run/postern/portal.sock", join(folder, `${name}.sock`))
      .replace(`${NAME} {`, `${name} {\n\ttls ${folder}/chain.pem ${folder}/key.pem`),
  );
  const path = join(folder, "Caddyfile");
  await writeFile(path, text.slice(0, begin) + blocks.join("\n"));
  const words = ["caddy", "run", "--adapter", "caddyfile", "--config", path];
  const caddy = namespace.start("env", `HOME=${folder}`, ...words);
  await untilListening(namespace, caddy);
  return {
    publicKeyHash,
    close: async () => {
      await Promise.all(endings.map((end) => end()));
    },
  };
}

/** Passes on what comes to a socket of this machine, until the function returned is called. */
async function pass(socket: string, target: () => string): Promise<() => Promise<void>> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    open.add(client.on("close", () => open.delete(client)));
    const { hostname, port } = new URL(target());
    const upstream = connect({ host: hostname, port: Number(port) });
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
    client.pipe(upstream).pipe(client);
  });
  server.listen(socket);
  await once(server, "listening");
  return () => {
    // The proxy waits for people behind a wall who will never say more.
    for (const each of open) each.destroy();
    return closed(server);
  };
}

async function untilListening(namespace: Namespace, caddy: { readonly exitCode: number | null }): Promise<void> {
  while (!namespace.run("cat", "/proc/net/tcp", "/proc/net/tcp6").includes(":01BB ")) {
    if (caddy.exitCode !== null) throw new Error("Caddy does not start");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Bytes that make each certificate as large as those of Let's Encrypt: the handshake's packets count as well. */
const FILLING = { leaf: 560, issuer: 640 };

/** A throw-away ECDSA certificate with one issuer. Returns the hash of its public key. */
async function certify(folder: string, names: readonly string[]): Promise<string> {
  const make = (name: string, subject: string, bytes: number, ...words: readonly string[]) => {
    const length = bytes
      .toString(16)
      .padStart(4, "0")
      .replace(/../, (first) => `${first}:`);
    const filling = `1.3.6.1.4.1.99999.1=DER:04:82:${length}${":5a".repeat(bytes)}`;
    const common = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split(" ");
    const places = ["-keyout", join(folder, `${name}key.pem`), "-out", join(folder, `${name}cert.pem`)];
    execFileSync("openssl", [...common, "-subj", `/CN=${subject}`, "-addext", filling, ...places, ...words], {
      stdio: "ignore",
    });
    return readFile(join(folder, `${name}cert.pem`), "utf8");
  };
  const issuer = await make("issuer-", "Throw-away issuer", FILLING.issuer);
  const signing = ["-CA", join(folder, "issuer-cert.pem"), "-CAkey", join(folder, "issuer-key.pem")];
  const alternatives = names.map((name) => `DNS:${name}`).join(",");
  const constraints = ["-addext", `subjectAltName=${alternatives}`, "-addext", "basicConstraints=critical,CA:false"];
  const leaf = await make("", NAME, FILLING.leaf, ...constraints, ...signing);
  await writeFile(join(folder, "chain.pem"), leaf + issuer);
  const key = new X509Certificate(leaf).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(key).digest("base64");
}

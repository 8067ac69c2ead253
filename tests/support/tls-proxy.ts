import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
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

/** Runs Caddy with deploy/Caddyfile in `namespace`, in front of what answers at `target()` in this one. */
export async function tlsProxy(namespace: Namespace, folder: string, target: () => string): Promise<TlsProxy> {
  const publicKeyHash = await certify(folder);
  const socket = join(folder, "portal.sock");
  const server = createServer((client) => {
    const { hostname, port } = new URL(target());
    const upstream = connect({ host: hostname, port: Number(port) });
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
    client.pipe(upstream).pipe(client);
  });
  server.listen(socket);
  await once(server, "listening");
  const text = (await readFile(new URL("../../deploy/Caddyfile", import.meta.url), "utf8"))
    .replaceAll("/run/postern/portal.sock", socket)
    .replace(`${NAME} {`, `${NAME} {\n\ttls ${folder}/chain.pem ${folder}/key.pem`);
  const path = join(folder, "Caddyfile");
  await writeFile(path, text);
  const words = ["caddy", "run", "--adapter", "caddyfile", "--config", path];
  const caddy = namespace.start("env", `HOME=${folder}`, ...words);
  await untilListening(namespace, caddy);
  return {
    publicKeyHash,
    close: () => closed(server),
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
async function certify(folder: string): Promise<string> {
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
  const constraints = ["-addext", `subjectAltName=DNS:${NAME}`, "-addext", "basicConstraints=critical,CA:false"];
  const leaf = await make("", NAME, FILLING.leaf, ...constraints, ...signing);
  await writeFile(join(folder, "chain.pem"), leaf + issuer);
  const key = new X509Certificate(leaf).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(key).digest("base64");
}

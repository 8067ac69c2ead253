import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";

/** What somebody on the way makes of STARTTLS: nothing, removes it from the greeting, or refuses the command. */
export type StartTls = "offered" | "stripped" | "refused";

export interface TestMailServer {
  readonly port: number;
  /** The server's certificate, in PEM. */
  readonly certificate: string;
  /** Lines received before TLS, and inside it. */
  readonly plain: string[];
  readonly encrypted: string[];
  readonly close: () => void;
}

/** An address of this machine that is not loopback, as a mail server elsewhere has. */
export function outerAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  // Linux connects to itself for this one.
  return all.find(({ internal, family }) => !internal && family === "IPv4")?.address ?? "0.0.0.0";
}

/** A mail server that takes anything, and says that it knows AUTH. */
export async function startMailServer(startTls: StartTls): Promise<TestMailServer> {
  const { key, certificate } = certify();
  const plain: string[] = [];
  const encrypted: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write("220 test\r\n");
    talk(socket, plain);
  });

  function talk(socket: Socket, said: string[]): void {
    let data = false;
    const extensions = startTls === "stripped" || said === encrypted ? "" : "250-STARTTLS\r\n";
    const answer = (line: string): string => {
      if (line.startsWith("EHLO")) return `250-test\r\n${extensions}250 AUTH PLAIN LOGIN\r\n`;
      if (line === "STARTTLS")
        return { offered: "220 go\r\n", stripped: "502 what?\r\n", refused: "454 not now\r\n" }[startTls];
      if (line === "DATA") return "354 go\r\n";
      return line === "QUIT" ? "221 bye\r\n" : "250 ok\r\n";
    };
    const read = (chunk: Buffer) => {
      for (const line of chunk.toString().split("\r\n").slice(0, -1)) {
        said.push(line);
        if (data && line === ".") data = false;
        if (data) continue;
        data = line === "DATA";
        socket.write(line.startsWith("AUTH") ? "235 welcome\r\n" : answer(line));
        if (line === "STARTTLS" && startTls === "offered") {
          socket.off("data", read);
          const secured = new TLSSocket(socket, { isServer: true, key, cert: certificate });
          secured.on("error", () => {});
          talk(secured, encrypted);
          return;
        }
      }
    };
    socket.on("data", read);
  }

  server.listen(0, "0.0.0.0");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, certificate, plain, encrypted, close: () => server.close() };
}

/** A key and a certificate that nobody else has signed. */
export function certify(
  hosts: readonly string[] = [],
  days = 2,
): { readonly key: Buffer; readonly certificate: string } {
  const folder = mkdtempSync(join(tmpdir(), "postern-mail-"));
  try {
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=mail";
    const names = ["subjectAltName=IP:", outerAddress(), ...hosts.map((host) => `,DNS:${host}`)].join("");
    execFileSync(
      "openssl",
      [...words.split(" "), "-days", String(days), "-addext", names, "-keyout", key, "-out", certificate],
      {
        stdio: "ignore",
      },
    );
    return { key: readFileSync(key), certificate: readFileSync(certificate, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

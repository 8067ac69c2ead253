import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { Capacity, ProxyProtocol, Visitors } from "../server/admission/index.js";
import { KeyClock } from "../server/recipients/index.js";
import { EncryptedSpool } from "../spool/index.js";
import type { StoredMail } from "./answerable.js";
import type { Answers } from "./answers.js";
import { EndlessMailError, receiveMail } from "./arriving-mail.js";
import type { TlsIdentity } from "./config.js";
import { MailGate, type MailGateLimits } from "./mail-gate.js";
import { MailIntake, type MailIntakeParts } from "./mail-intake.js";
import type { Envelope } from "./sender-records.js";
import { SmtpRefusal } from "./smtp-refusal.js";

/** RFC 5321 section 4.5.3.2 lets a client pause for minutes; none that is well does between two blocks of a message. */
const SOCKET_TIMEOUT_MS = 120_000;
/** The longest a message may take to arrive, however slowly. */
const DATA_TIMEOUT_MS = 30 * 60 * 1000;
const MAX_RECIPIENTS = 100;
/** Commands of no use here, and jokes of the library. */
const DISABLED = ["AUTH", "XCLIENT", "XFORWARD", "VRFY", "HELP", "WIZ", "SHELL", "KILL"];

export interface MailServerParts extends Omit<MailIntakeParts, "keyDate"> {
  /** Null without TLS. */
  readonly tls: TlsIdentity | null;
  /** Admission limits; for tests. */
  readonly limits?: MailGateLimits;
  /** Null where nobody gets an answer. */
  readonly answers?: Answers | null;
  /** The day of the newest submission in the store, as YYYY-MM-DD; null if there is none. */
  readonly newestDay?: string | null;
  /** For tests that need another day. */
  readonly now?: () => Date;
}

/** The mail server, not yet listening. */
export interface MailServer {
  /** Speaks STARTTLS if there is a certificate. */
  readonly plain: SMTPServer;
  /** Begins with TLS; null without a certificate. */
  readonly secure: SMTPServer | null;
  /** What connections and messages hold, by name: all zero when none is under way. */
  readonly census: () => Readonly<Record<string, number>>;
  /** For a renewed certificate; connections that are open keep the old one. */
  readonly setTls: (tls: TlsIdentity) => void;
  /** Finishes messages under way for at most `timeoutMs`, and takes no more. */
  readonly close: (timeoutMs: number) => Promise<void>;
}

export function createMailServer(parts: MailServerParts): MailServer {
  const { config, store, tls, log, answers = null, now = () => new Date() } = parts;
  const gate = new MailGate(new Visitors(new ProxyProtocol(), now), parts.limits);
  const capacity = new Capacity({ ...submissionsOf(store), uploads: NO_UPLOADS }, config);
  const keyDate = new KeyClock(now, parts.newestDay).now;
  const intake = new MailIntake({ ...parts, keyDate });
  let stopping = false;
  const servers: SMTPServer[] = [];
  /** Sessions whose message is arriving or being stored. */
  const bringing = new Set<string>();

  async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<StoredMail | null> {
    const visitor = gate.visitor(session.id);
    const release = gate.take(session.id);
    const spool = new EncryptedSpool(config.spoolFolder);
    const tally = capacity.tally(visitor);
    const timer = setTimeout(() => drop(session.id), DATA_TIMEOUT_MS);
    const unwatch = gate.watch(
      () => spool.bytes,
      () => drop(session.id),
    );
    bringing.add(session.id);
    try {
      const arrived = await receiveMail(stream, spool, { maxBytes: config.maxMessage, room: tally.add });
      clearTimeout(timer);
      unwatch();
      return await intake.keep(arrived, visitor, envelopeOf(session, config.protocol));
    } finally {
      clearTimeout(timer);
      unwatch();
      bringing.delete(session.id);
      await spool.close();
      tally.close();
      release();
    }
  }

  function drop(session: string): void {
    for (const server of servers) {
      for (const connection of server.connections) if (connection.session.id === session) connection.close();
    }
  }

  function create(implicitTls: boolean): SMTPServer {
    const server = new SMTPServer({
      ...tls,
      secure: implicitTls,
      lmtp: config.protocol === "lmtp",
      // The name of the machine is nobody's business.
      name: hostOf(config.addresses),
      heloResponse: "%s",
      size: config.maxMessage,
      logger: false,
      disableReverseLookup: true,
      authOptional: true,
      disabledCommands: tls === null || implicitTls ? [...DISABLED, "STARTTLS"] : DISABLED,
      maxRecipients: MAX_RECIPIENTS,
      maxAllowedUnauthenticatedCommands: 1_000,
      socketTimeout: SOCKET_TIMEOUT_MS,
      onConnect: (session, done) => {
        answer(done, async () => {
          if (stopping) throw new SmtpRefusal("stopping");
          gate.connect(session.id, session.remoteAddress);
        });
      },
      onClose: (session) => gate.disconnect(session.id),
      onMailFrom: (address, session, done) => {
        answer(done, async () => {
          if (stopping) throw new SmtpRefusal("stopping");
          if (config.requireTls && !session.secure) throw new SmtpRefusal("needs_tls");
          const announced = Number(address.args === false ? 0 : (address.args.SIZE ?? 0));
          const bytes = Number.isFinite(announced) ? announced : 0;
          if (bytes > config.maxMessage) throw new SmtpRefusal("too_large");
          await gate.begin(session.id);
          const shortage = await capacity.shortageFor(gate.visitor(session.id), bytes).catch(() => null);
          if (shortage !== null) throw new SmtpRefusal("no_space");
        });
      },
      onRcptTo: ({ address }, session, done) => {
        answer(done, async () => {
          if (!config.addresses.includes(address.toLowerCase())) await gate.refuse(session.id);
        });
      },
      onData: (stream, session, done) => {
        take(stream, session).then(
          (stored) => {
            done(null, "the letter is encrypted and stored");
            if (stored !== null) answers?.offer(stored);
          },
          (cause: unknown) => {
            if (cause instanceof EndlessMailError) drop(session.id);
            // A connection that ends in the middle is its own business.
            else if (!(cause instanceof SmtpRefusal) && stream.errored === null) log.failing("mail", "internal", cause);
            done(refusalOf(cause));
          },
        );
      },
    });
    // What ends one connection concerns nobody else, and its error may name an address.
    server.on("error", () => undefined);
    servers.push(server);
    return server;
  }

  const plain = create(false);
  const secure = tls === null ? null : create(true);
  return {
    plain,
    secure,
    census: () => ({ ...gate.census(), written: capacity.written, storing: intake.size, answers: answers?.size ?? 0 }),
    setTls: (renewed) => {
      for (const server of servers) server.updateSecureContext(renewed);
    },
    close: async (timeoutMs) => {
      stopping = true;
      const closed = servers.map((server) => {
        server.options.closeTimeout = timeoutMs;
        return server.server.listening ? new Promise<void>((resolve) => server.close(resolve)) : Promise.resolve();
      });
      // Between two messages a connection is of no more use.
      for (const server of servers) {
        for (const connection of server.connections) {
          if (!bringing.has(connection.session.id)) connection.send(STOPPING.responseCode, STOPPING.message, false);
        }
      }
      await Promise.all(closed);
      await Promise.all([intake.close(), answers?.close()]);
    },
  };
}

const STOPPING = new SmtpRefusal("stopping");

/** Nothing here comes in pieces. */
const NO_UPLOADS = { used: async () => 0, discard: async () => undefined };

function submissionsOf(store: MailServerParts["store"]) {
  return { free: () => store.free(), list: () => store.list() };
}

function answer(done: (error?: Error | null) => void, decide: () => Promise<void>): void {
  decide().then(
    () => done(),
    (cause: unknown) => done(refusalOf(cause)),
  );
}

function refusalOf(cause: unknown): SmtpRefusal {
  return cause instanceof SmtpRefusal ? cause : new SmtpRefusal("cannot_store", { cause });
}

/** Behind a mail server of the operator's own, the address is that server's. */
function envelopeOf({ remoteAddress, hostNameAppearsAs, envelope }: SMTPServerSession, protocol: string): Envelope {
  const { mailFrom } = envelope;
  return {
    ip: protocol === "smtp" ? remoteAddress : "",
    helo: String(hostNameAppearsAs || ""),
    from: mailFrom === false ? "" : mailFrom.address,
  };
}

function hostOf([address = ""]: readonly string[]): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

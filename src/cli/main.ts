#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
// Not through public faces, and each command only when it is asked for: they bring whole libraries along.
import { Fault } from "../core/index.js";
import type { CaseSetOptions } from "./case.js";
import type { DoctorOptions } from "./doctor.js";
import type { NewKeyOptions } from "./keys.js";
import type { ReleaseKeyOptions, SignOptions } from "./manifest.js";
import type { OpenCommandOptions } from "./open.js";
import type { RekeyCommandOptions } from "./rekey.js";
import type { ReplyCommandOptions } from "./reply.js";
import type { SiteCommandOptions } from "./site.js";
import type { AddStaffOptions } from "./staff.js";
import type { ExportCommandOptions } from "./submissions.js";
import type { VerifyOptions } from "./verify.js";

const DONE = 0;
const FAILED = 1;
const USAGE = 2;

/** Settings of the online side: `postern open` and its like need none, nor what checks them. */
const config = async () => (await import("./config.js")).readConfig(process.env);

function program(): Command {
  const postern = new Command("postern")
    .description("an encrypted submission portal: what is sent is stored as OpenPGP ciphertext only")
    .exitOverride()
    .showHelpAfterError("run postern --help for the commands");
  postern
    .command("serve")
    .description("run the submitters' portal; it is configured by POSTERN_ environment variables")
    .action(async () => (await import("./serve.js")).serve(await config()));
  postern
    .command("demo")
    .description("show the whole path with a throw-away key, then go on serving")
    .option("--once", "end after the round trip")
    .action(async (options: { once?: boolean }) =>
      (await import("./demo.js")).demo(options.once === true, process.argv[1] ?? "dist/cli/main.js"),
    );
  const several = (word: string, before: readonly string[]) => [...before, word];
  postern
    .command("doctor")
    .description("look at a deployment, from this machine and from outside, and say what to mend")
    .argument("[url...]", "where visitors come, such as https://portal.example.org")
    .option("--socks <host:port>", "ask those addresses through a SOCKS proxy, such as Tor's 127.0.0.1:9050")
    .option("--clock <url>", "compare the clock with that of a server; may be given again", several, [])
    .option("--proxy-config <file>", "settings of a proxy, in place of the usual ones; may be given again", several, [])
    .action(async (urls: string[], options: DoctorOptions) =>
      (await import("./doctor.js")).doctor(await config(), urls, options),
    );
  publishProof(postern);
  const keys = postern.command("keys").description("recipients' keys");
  keys
    .command("new")
    .description("make a key pair: the certificate for this server, the secret key for the offline machine")
    .requiredOption("--name <name>", "name in the certificate; everybody can read it", nonEmpty)
    .option("--email <address>", "address in the certificate; everybody can read it")
    .addOption(
      new Option("--profile <profile>", "gnupg is read by GnuPG; rfc9580 is faster in browsers")
        .choices(["gnupg", "rfc9580"])
        .default("gnupg"),
    )
    .option(
      "--secret <folder>",
      "where the secret key is written; never inside the keys or the store",
      "postern-secret",
    )
    .option("--passphrase-file <file>", "take the passphrase from the first line of this file")
    .option("--expires <lifetime>", "such as 2y, 18m or 90d", "2y")
    .action(async (options: NewKeyOptions) => (await import("./keys.js")).newKey(await config(), options));
  keys
    .command("check")
    .description("check the recipients' certificates as the server does at its start")
    .action(async () => (await import("./keys.js")).checkKeys(await config()));
  postern
    .command("open")
    .description("decrypt submissions into folders; for the offline machine")
    .argument("<path...>", "encrypted files, or folders of them")
    .option("--key <file>", "secret key file, armored or binary; several times for several keys", andMore)
    .option("--gpg", "use GnuPG with the keys of its agent, on smart cards too, instead of a key file")
    .option("--passphrase-file <file>", "take the passphrase from the first line of this file")
    .option("--jobs <number>", "how many to open at one time; as many as there are cores unless told", atLeastOne)
    .option("--out <folder>", "where the cases' folders are made", "cases")
    .action(async (paths: string[], options: OpenCommandOptions) => {
      const { openCommand } = await import("./open.js");
      if (!(await openCommand(paths, options))) process.exitCode = FAILED;
    });
  postern
    .command("index")
    .description("write the index of cases anew; for the offline machine")
    .option("--out <folder>", "folder of the cases", "cases")
    .action(async ({ out }: { out: string }) => (await import("./case.js")).indexCommand(out));
  postern
    .command("case")
    .description("what staff write about a case; for the offline machine")
    .command("set")
    .description("set a case's status or note, which the index shows")
    .argument("<case>", "folder or id of the case")
    .addOption(
      new Option("--status <status>", "how far it is").choices(["new", "reading", "waiting", "answered", "closed"]),
    )
    .option("--note <text>", "a note; an empty one removes it")
    .option("--out <folder>", "folder of the cases", "cases")
    .action(async (given: string, options: CaseSetOptions) => (await import("./case.js")).setCase(given, options));
  postern
    .command("rekey")
    .description("encrypt old submissions to new recipients; for the offline machine")
    .argument("<path...>", "encrypted files, or folders of them")
    .requiredOption("--key <file>", "secret key file that opens them; several times for several keys", andMore)
    .requiredOption("--to <folder>", "folder of the new recipients' certificates, *.asc")
    .option("--passphrase-file <file>", "take the passphrase from the first line of this file")
    .option("--out <folder>", "where the new files are written", "rekeyed")
    .action(async (paths: string[], options: RekeyCommandOptions) => {
      const { rekeyCommand } = await import("./rekey.js");
      if (!(await rekeyCommand(paths, options))) process.exitCode = FAILED;
    });
  postern
    .command("reply")
    .description("encrypt an answer to the submitter of a case; for the offline machine")
    .argument("<case-folder>", "folder of a submission that has been opened")
    .requiredOption("--text <file>", "the answer, a text file in UTF-8")
    .option("--attach <file...>", "documents that go with it")
    .option("--out <folder>", "where the encrypted reply is written", ".")
    .action(async (caseFolder: string, options: ReplyCommandOptions) =>
      (await import("./reply.js")).replyCommand(caseFolder, options),
    );
  const replies = postern.command("replies").description("replies waiting on this server");
  replies
    .command("import")
    .description("put encrypted replies into the mailboxes of the store; the portal may be running")
    .argument("<folder>", "folder of files ending in .reply.gpg")
    .action(async (folder: string) => {
      const { importReplies } = await import("./replies.js");
      if (!(await importReplies(await config(), folder))) process.exitCode = FAILED;
    });
  replies
    .command("expire")
    .description("remove the replies that are older than POSTERN_RETENTION_DAYS")
    .action(async () => (await import("./replies.js")).expireReplies(await config()));
  postern
    .command("list")
    .description("list the submissions that are here: id, day, bytes, and how far each has come")
    .option("--new", "only those that nobody has collected")
    .action(async (options: { new?: boolean }) => (await import("./list.js")).listCommand(await config(), options));
  postern
    .command("export")
    .description("copy submissions, verify each, and mark it as collected")
    .argument("[folder]", "where they are copied to; those that are there already are not copied again")
    .option("--new", "only those that nobody has collected")
    .option("--stdout", "write one tar to standard output instead, and mark nothing")
    .action(async (folder: string | undefined, options: ExportCommandOptions) =>
      (await import("./submissions.js")).exportCommand(await config(), folder, options),
    );
  postern
    .command("acknowledge")
    .description("mark as opened what the desk has opened")
    .argument("<file>", "acknowledgement.json, as postern open wrote it")
    .action(async (file: string) => {
      const { acknowledgeCommand } = await import("./submissions.js");
      if (!(await acknowledgeCommand(await config(), file))) process.exitCode = FAILED;
    });
  postern
    .command("prune")
    .description("remove what was acknowledged more than POSTERN_RETENTION_DAYS ago, and replies as old")
    .option("--dry-run", "say what would be removed, and remove nothing")
    .action(async (options: { dryRun?: boolean }) =>
      (await import("./submissions.js")).pruneCommand(await config(), options),
    );
  const staff = postern.command("staff").description("who may sign in to the pickup pages");
  staff
    .command("add")
    .description("add somebody, and show the QR code for their authenticator")
    .argument("<name>", "small Latin letters, digits, dots and dashes")
    .addOption(
      new Option("--role <role>", "couriers fetch and acknowledge; managers also delete, and manage staff")
        .choices(["courier", "manager"])
        .default("courier"),
    )
    .option("--passphrase-file <file>", "take the passphrase from the first line of this file")
    .action(async (name: string, options: AddStaffOptions) =>
      (await import("./staff.js")).addStaff(await config(), name, options),
    );
  staff
    .command("list")
    .description("list who may sign in, with their roles")
    .action(async () => (await import("./staff.js")).listStaff(await config()));
  staff
    .command("remove")
    .description("remove somebody; a session of theirs ends at once")
    .argument("<name>", "as postern staff list says it")
    .action(async (name: string) => (await import("./staff.js")).removeStaff(await config(), name));
  postern
    .command("audit")
    .description("what staff did")
    .command("verify")
    .description("check that no entry of the audit trail was changed or removed")
    .option("--head <hash>", "a last line noted earlier, which must still be there")
    .action(async (options: { head?: string }) => (await import("./staff.js")).verifyAudit(await config(), options));
  return postern;
}

/** What shows that a page is ours. */
function publishProof(postern: Command): void {
  postern
    .command("site")
    .description("write the submitters' pages as files, for a copy elsewhere, with a manifest of their digests")
    .argument("<folder>", "a new or empty folder")
    .option("--onion", "the pages as the onion service shows them")
    .option("--portal-salt <hex>", "the portal's salt, where its store is not on this machine")
    .option("--app <url>", "where this source is had from; WEBCAT wants it in the manifest")
    .action(async (folder: string, options: SiteCommandOptions) =>
      (await import("./site.js")).siteCommand(await config(), folder, options),
    );
  const manifest = postern.command("manifest").description("the signature of a manifest; never on the server");
  manifest
    .command("key")
    .description("make a release key: it signs manifests, and nothing can be encrypted to it")
    .requiredOption("--name <name>", "name in the certificate; everybody can read it", nonEmpty)
    .option("--out <folder>", "where both halves are written", "postern-release")
    .option("--expires <lifetime>", "such as 2y, 18m or 90d", "2y")
    .option("--passphrase-file <file>", "take the passphrase from the first line of this file")
    .action(async (options: ReleaseKeyOptions) => (await import("./manifest.js")).releaseKeyCommand(options));
  manifest
    .command("sign")
    .description("write a detached signature beside a manifest")
    .argument("<file>", "manifest.json, as postern site wrote it")
    .requiredOption("--key <file>", "the release key's secret half")
    .option("--passphrase-file <file>", "take the passphrase from the first line of this file")
    .action(async (file: string, options: SignOptions) => (await import("./manifest.js")).signCommand(file, options));
  manifest
    .command("check")
    .description("say who signed a manifest, and on which day")
    .argument("<file>", "manifest.json, with manifest.json.asc beside it")
    .requiredOption("--signer <file>", "the release key's certificate")
    .action(async (file: string, options: { signer: string }) =>
      (await import("./manifest.js")).checkCommand(file, options),
    );
  postern
    .command("verify")
    .description(
      "compare a live portal with this build, or with a signed manifest; ends with 1 if anything is different",
    )
    .argument("<url>", "the portal's address, such as https://portal.example.org/")
    .option("--socks <host:port>", "ask through a SOCKS proxy, such as Tor's 127.0.0.1:9050")
    .option("--signer <file>", "the release key's certificate: compare with the manifest that it has signed")
    .option("--manifest <file>", "that manifest, with its .asc beside it, instead of the one that the portal has")
    .option("--portal-salt <hex>", "the salt that the portal must have, instead of the one that its page names")
    .option("--copy", "the address is a copy of the pages, made with postern site")
    .action(async (url: string, options: VerifyOptions) =>
      (await import("./verify.js")).verifyCommand(config, url, options),
    );
}

function andMore(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function atLeastOne(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 256)
    throw new InvalidArgumentError("it must be from 1 to 256");
  return number;
}

function nonEmpty(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("it must not be empty");
  return text.trim();
}

async function main(): Promise<void> {
  // What AWS's library says of its later versions is no news to whoever runs this one, which is pinned.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  try {
    await program().parseAsync(process.argv);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Says what went wrong and returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : USAGE;
  if (error instanceof Fault) {
    process.stderr.write(`postern: ${error.message.replaceAll("\n", "\npostern: ")}\n`);
    return ["invalid_configuration", "invalid_form", "invalid_usage"].includes(String(error.code)) ? USAGE : FAILED;
  }
  process.stderr.write(`postern: ${error instanceof Error ? error.message : String(error)}\n`);
  return FAILED;
}

await main();

#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { Fault } from "../core/index.js";
import { FormError } from "../form/index.js";
import { ConfigError, readConfig } from "./config.js";
import { demo } from "./demo.js";
import { checkKeys, type NewKeyOptions, newKey } from "./keys.js";
import { type OpenCommandOptions, openCommand } from "./open.js";
import { expireReplies, importReplies } from "./replies.js";
import { type ReplyCommandOptions, replyCommand } from "./reply.js";
import { serve } from "./serve.js";

const DONE = 0;
const FAILED = 1;
const USAGE = 2;

function program(): Command {
  const postern = new Command("postern")
    .description("an encrypted submission portal: what is sent is stored as OpenPGP ciphertext only")
    .exitOverride()
    .showHelpAfterError("run postern --help for the commands");
  postern
    .command("serve")
    .description("run the submitters' portal; it is configured by POSTERN_ environment variables")
    .action(async () => serve(readConfig(process.env)));
  postern
    .command("demo")
    .description("show the whole path with a throw-away key, then go on serving")
    .option("--once", "end after the round trip")
    .action(async (options: { once?: boolean }) => demo(options.once === true, process.argv[1] ?? "dist/cli/main.js"));
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
    .action(async (options: NewKeyOptions) => newKey(readConfig(process.env), options));
  keys
    .command("check")
    .description("check the recipients' certificates as the server does at its start")
    .action(async () => checkKeys(readConfig(process.env)));
  postern
    .command("open")
    .description("decrypt submissions into folders; for the offline machine")
    .argument("<path...>", "encrypted files, or folders of them")
    .requiredOption("--key <file>", "secret key file, armored or binary")
    .option("--passphrase-file <file>", "take the passphrase from the first line of this file")
    .option("--out <folder>", "where the cases' folders are made", "cases")
    .action(async (paths: string[], options: OpenCommandOptions) => {
      if (!(await openCommand(paths, options))) process.exitCode = FAILED;
    });
  postern
    .command("reply")
    .description("encrypt an answer to the submitter of a case; for the offline machine")
    .argument("<case-folder>", "folder of a submission that has been opened")
    .requiredOption("--text <file>", "the answer, a text file in UTF-8")
    .option("--attach <file...>", "documents that go with it")
    .option("--out <folder>", "where the encrypted reply is written", ".")
    .action(async (caseFolder: string, options: ReplyCommandOptions) => replyCommand(caseFolder, options));
  const replies = postern.command("replies").description("replies waiting on this server");
  replies
    .command("import")
    .description("put encrypted replies into the mailboxes of the store; the portal may be running")
    .argument("<folder>", "folder of files ending in .reply.gpg")
    .action(async (folder: string) => {
      if (!(await importReplies(readConfig(process.env), folder))) process.exitCode = FAILED;
    });
  replies
    .command("expire")
    .description("remove the replies that are older than POSTERN_RETENTION_DAYS")
    .action(async () => expireReplies(readConfig(process.env)));
  return postern;
}

function nonEmpty(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("it must not be empty");
  return text.trim();
}

async function main(): Promise<void> {
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
    return error instanceof ConfigError || error instanceof FormError ? USAGE : FAILED;
  }
  process.stderr.write(`postern: ${error instanceof Error ? error.message : String(error)}\n`);
  return FAILED;
}

await main();

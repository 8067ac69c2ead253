import type { Command } from "commander";
import type { Config } from "./config.js";

/** What run.ts hands to every command. No other file reads the environment or the arguments. */
export interface CommandContext {
  /** Reads the settings. Commands for the offline machine never call it. @throws ConfigError */
  readonly readConfig: () => Promise<Config>;
  /** Path of the running program, to print in hints. */
  readonly program: string;
  /** Whether there is a graphical screen, on a system that says so in the environment. */
  readonly hasDisplay: boolean;
}

/**
 * One command of `postern` with its subcommands. An action imports its modules when it runs, because `postern --help`
 * loads the files of all commands.
 */
export interface PosternCommand {
  readonly register: (postern: Command, context: CommandContext) => void;
}

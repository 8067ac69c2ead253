import type { Command } from "commander";
import type { Config } from "./config.js";

/** What main.ts hands to every command. No other file reads the environment or the arguments. */
export interface CommandContext {
  /** Reads the settings. Commands for the offline machine never call it. @throws ConfigError */
  readonly readConfig: () => Promise<Config>;
  /** Path of the running program, to print in hints. */
  readonly program: string;
}

/**
 * One command of `postern` with its subcommands. `postern --help` loads the files of all commands, so each imports what its
 * action needs within the action.
 */
export interface PosternCommand {
  readonly register: (postern: Command, context: CommandContext) => void;
}

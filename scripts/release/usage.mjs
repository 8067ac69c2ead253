// The manual page and the completion of bash, made from the commands themselves.
import { Command } from "commander";
import { COMMANDS, OFFLINE_COMMANDS } from "../../dist/cli/command-table.js";

/** @param offline whether only the commands of the offline machine */
export async function commandsOf(offline) {
  const postern = new Command("postern");
  const context = { program: "postern", readConfig: async () => ({}) };
  for (const load of Object.values(offline ? OFFLINE_COMMANDS : COMMANDS)) (await load()).register(postern, context);
  return postern.commands;
}

const escaped = (text) =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^(['.])/gm, "\\&$1");

/** postern(1), in the man macros. */
export function manualPage(commands, { version, date, files }) {
  const lines = [
    `.TH POSTERN 1 "${date.toISOString().slice(0, 10)}" "Postern ${version}" "User Commands"`,
    ".SH NAME",
    "postern \\- encrypted submission portal",
    ".SH SYNOPSIS",
    ".B postern",
    ".I command",
    "[options]",
    ".SH DESCRIPTION",
    "An encrypted submission portal: the server stores submissions as OpenPGP ciphertext only.",
    "Staff decrypt them on a machine without a network.",
    ".SH COMMANDS",
    ...commands.flatMap((command) => describeCommand(command, [])),
    ".SH EXIT STATUS",
    "0 for success, 1 for a failure, 2 for a wrong use.",
    ".SH FILES",
    ...files.flatMap(([path, what]) => [".TP", `.I ${escaped(path)}`, escaped(what)]),
  ];
  return `${lines.join("\n")}\n`;
}

function describeCommand(command, before) {
  const words = [...before, command.name()];
  if (command.commands.length > 0) return command.commands.flatMap((each) => describeCommand(each, words));
  const usage = command.registeredArguments.map((each) => argumentName(each)).join(" ");
  return [
    ".TP",
    `.B ${escaped(`postern ${words.join(" ")} ${usage}`.trim())}`,
    escaped(command.description()),
    ...command.options.flatMap(({ flags, description }) => [
      ".RS",
      ".TP",
      `.B ${escaped(flags)}`,
      escaped(description),
      ".RE",
    ]),
  ];
}

const argumentName = (argument) => {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

/** For /usr/share/bash-completion/completions/postern. */
export function completion(commands) {
  const cases = commands.flatMap((command) => completionCases(command, []));
  return `# bash completion of postern
_postern() {
  local cur=\${COMP_WORDS[COMP_CWORD]} words= path="\${COMP_WORDS[1]-} \${COMP_WORDS[2]-}"
  if [ "$COMP_CWORD" = 1 ]; then
    words=${JSON.stringify(`${commands.map((each) => each.name()).join(" ")} --help --version`)}
  else
    case "$path" in
${cases.join("\n")}
    esac
  fi
  # shellcheck disable=SC2207 # One word of the list each.
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  [ "\${#COMPREPLY[@]}" -gt 0 ] || compopt -o default
}
complete -F _postern postern
`;
}

function completionCases(command, before) {
  const words = [...before, command.name()];
  const inner = command.commands.flatMap((each) => completionCases(each, words));
  const offered = [...command.commands.map((each) => each.name()), ...command.options.map(({ long }) => long)];
  return [
    ...inner,
    `      ${JSON.stringify(words.join(" "))}${words.length === 1 ? '" "*' : "*"}) words=${JSON.stringify(offered.join(" "))} ;;`,
  ];
}

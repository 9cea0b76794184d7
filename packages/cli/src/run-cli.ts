import yargs, { type ArgumentsCamelCase, type Argv } from "yargs";
import type { Command } from "./command.js";
import { check } from "./commands/check.js";
import { compare } from "./commands/compare.js";
import { diff } from "./commands/diff.js";
import { explain } from "./commands/explain.js";
import { generate } from "./commands/generate.js";
import { init } from "./commands/init.js";
import { judge } from "./commands/judge.js";
import { schema } from "./commands/schema.js";
import { serve } from "./commands/serve.js";
import { type ExitCode, exitCodes } from "./exit-codes.js";
import { printFailure } from "./print-failure.js";
import { standardInput } from "./read-policies.js";
import { processTerminal, type Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";
import { usageMessages } from "./usage-messages.js";
import { toolVersion } from "./version.js";

/**
 * Runs a command line.
 *
 * @param words what stands after the program's name.
 * @returns the exit code; nothing is thrown.
 */
export async function runCli(words: readonly string[]): Promise<ExitCode> {
  const terminal = processTerminal();
  let code: ExitCode = exitCodes.ok;
  const finish = (ended: ExitCode) => {
    code = ended;
  };
  try {
    const { name, version } = toolVersion();
    const cli = yargs()
      .scriptName(name)
      .usage("$0 <command>\n\nOne container registry policy, compiled for every Kubernetes policy engine.")
      .version(version)
      .help()
      .alias("help", "h")
      .detectLocale(false)
      // The types leave out that a message may have a form for one and another for several.
      .updateStrings(usageMessages as unknown as Record<string, string>)
      .wrap(Math.min(100, terminal.columns))
      .parserConfiguration({ "dot-notation": false, "parse-numbers": false, "parse-positional-numbers": false })
      .strict()
      .recommendCommands()
      .demandCommand(1, 1, "name a command", "name one command")
      .exitProcess(false)
      .fail((message, error) => {
        throw error === undefined || error.name === "YError" ? new UnclearCommand(message) : error;
      })
      .epilogue(
        "Exit codes: 0 well, 1 crash or usage, 2 a policy is invalid, 3 fixtures failed, artifacts are stale or a policy changed (--fail-on), 4 engines disagree, or policies that are compared do.",
      );
    add(cli, generate, terminal, finish);
    add(cli, check, terminal, finish);
    add(cli, explain, terminal, finish);
    add(cli, diff, terminal, finish);
    add(cli, compare, terminal, finish);
    add(cli, judge, terminal, finish);
    add(cli, init, terminal, finish);
    add(cli, schema, terminal, finish);
    add(cli, serve, terminal, finish);
    cli.completion("completion", "Print a script that completes this command in bash or zsh");
    await cli.parseAsync(words.map((word) => (word === "-" ? standardInput : word)));
    return code;
  } catch (error) {
    await printFailure(terminal, await asUsage(error, words));
    return exitCodes.usage;
  }
}

function add<A>(
  cli: Argv,
  { usage, summary, options, run }: Command<A>,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  cli.command(
    usage,
    summary,
    (yargs) => options(yargs),
    async (parsed) => finish(await run(parsed as unknown as ArgumentsCamelCase<A>, terminal)),
  );
}

/** What yargs says of a command line. */
class UnclearCommand extends Error {}

/** What yargs says of a command line, with what to do about it. */
async function asUsage(error: unknown, words: readonly string[]): Promise<unknown> {
  if (!(error instanceof UnclearCommand)) return error;
  const [command] = words.filter((word) => !word.startsWith("-"));
  const page = command !== undefined && commandNames.includes(command) ? `${command} --help` : "--help";
  const suggestion = await suggestOption(error.message, command);
  return new UsageError(error.message, suggestion ?? `see \`registry-policy ${page}\``);
}

const commands = [generate, check, explain, diff, compare, judge, init, schema, serve];
const commandNames = [...commands.map(({ usage }) => usage.split(" ")[0] ?? ""), "completion"];

/** The known option that was most likely meant by an unknown one. */
async function suggestOption(message: string, command: string | undefined): Promise<string | undefined> {
  const unknown = /^unknown arguments?: ([^,]+)/.exec(message)?.[1];
  const definition = commands.find(({ usage }) => usage.split(" ")[0] === command);
  if (unknown === undefined || definition === undefined) return undefined;
  const { nearest } = await import("@registry-policy/language");
  const { key } = (
    definition.options(yargs()) as unknown as { getOptions(): { key: Record<string, unknown> } }
  ).getOptions();
  const close = nearest(
    unknown,
    [...Object.keys(key), "help", "version"].filter((name) => name.length > 1),
  );
  return close === undefined ? undefined : `did you mean \`--${close}\`? see \`registry-policy ${command} --help\``;
}

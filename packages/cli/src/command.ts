import type { ArgumentsCamelCase, Argv } from "yargs";
import type { ExitCode } from "./exit-codes.js";
import type { Terminal } from "./terminal.js";

/** One command: how it is called, and what it does. What it needs is imported when it runs, for the sake of `--help`. */
export interface Command<Arguments> {
  /** The name and the positional arguments, as yargs has them: `explain <policy> <image..>`. */
  readonly usage: string;
  /** One sentence for the list of commands. */
  readonly summary: string;
  readonly options: (yargs: Argv) => Argv<Arguments>;
  /** @throws UsageError, InputError, HostError: each is printed with its help. */
  readonly run: (parsed: ArgumentsCamelCase<Arguments>, terminal: Terminal) => Promise<ExitCode>;
}

import type { ArgumentsCamelCase } from "yargs";
import type { Command } from "../command.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import type { Terminal } from "../terminal.js";

interface InitArguments {
  readonly directory: string;
}

export const init: Command<InitArguments> = {
  usage: "init [directory]",
  summary: "Write a first policy with fixtures, never over a file that is there",
  options: (yargs) =>
    yargs.positional("directory", { type: "string", default: ".", describe: "Where; made if it is not there" }),
  run: async ({ directory }: ArgumentsCamelCase<InitArguments>, { out, err }: Terminal): Promise<ExitCode> => {
    const { writeFirstFiles } = await import("../write-first-files.js");
    for (const path of await writeFirstFiles(directory)) await out.write(`${path}\n`);
    const place = directory === "." ? "" : ` ${directory}`;
    await err.write(`now run \`registry-policy check${place}\`, and edit the policy and its fixtures\n`);
    return exitCodes.ok;
  },
};

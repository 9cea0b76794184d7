import type { ArgumentsCamelCase } from "yargs";
import type { Command } from "../command.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { type SchemaName, schemaNames } from "../schemas/schema-names.js";
import type { Terminal } from "../terminal.js";

interface SchemaArguments {
  readonly name: SchemaName;
}

export const schema: Command<SchemaArguments> = {
  usage: "schema [name]",
  summary: "Print the JSON Schema of a kind of file, or of a report",
  options: (yargs) =>
    yargs.positional("name", {
      choices: schemaNames,
      default: "policy" as const,
      describe: "A kind of file (policy, fixtures) or the JSON of a command",
    }),
  run: async ({ name }: ArgumentsCamelCase<SchemaArguments>, { out }: Terminal): Promise<ExitCode> => {
    const { schemas } = await import("../schemas/schemas.js");
    await out.write(`${JSON.stringify(await schemas[name](), null, 2)}\n`);
    return exitCodes.ok;
  },
};

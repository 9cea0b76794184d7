import type { ArgumentsCamelCase } from "yargs";
import type { Command } from "../command.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { chooseNames, listOption, singleOption } from "../list-option.js";
import { printDiagnostics } from "../print-diagnostics.js";
import { readPolicies } from "../read-policies.js";
import type { Terminal } from "../terminal.js";
import { UsageError } from "../usage-error.js";

interface DiffArguments {
  readonly old: string;
  readonly new: string;
  readonly "fail-on": unknown;
  readonly limit: unknown;
  readonly output: "text" | "json";
}

const directions = ["widened", "narrowed"] as const;

export const diff: Command<DiffArguments> = {
  usage: "diff <old> <new>",
  summary: "Say exactly which images become allowed or refused from one policy to another, and by which pattern",
  options: (yargs) =>
    yargs
      .positional("old", {
        type: "string",
        demandOption: true,
        describe: "The policy as it was: a file or a directory",
      })
      .positional("new", { type: "string", demandOption: true, describe: "The policy as it is to be" })
      .option("fail-on", {
        string: true,
        requiresArg: true,
        coerce: listOption,
        describe: "Exit with 3 if more may run (widened), or less (narrowed)",
      })
      .option("limit", { string: true, requiresArg: true, default: "20", describe: "How many causes to show each way" })
      .option("output", { choices: ["text", "json"] as const, default: "text" as const, describe: "How to report" }),
  run: runDiff,
};

async function runDiff(parsed: ArgumentsCamelCase<DiffArguments>, terminal: Terminal): Promise<ExitCode> {
  singleOption("output", parsed.output);
  const limit = limitOption(singleOption("limit", parsed.limit));
  const failOn = chooseNames("direction", parsed["fail-on"] as string[] | undefined, directions, []);
  const [old, now] = await Promise.all([readPolicies([parsed.old]), readPolicies([parsed.new])]);
  // Warnings about what a policy has always said would hide what is new.
  const diagnostics = [...old.diagnostics, ...now.diagnostics].filter(({ severity }) => severity === "error");
  if (await printDiagnostics(terminal, diagnostics)) return exitCodes.invalidPolicy;

  const { diffPolicies } = await import("../policy-diff.js");
  const found = diffPolicies(old.policies, now.policies, limit);
  const { out, columns } = terminal;
  if (parsed.output === "json") {
    const { diffJson } = await import("../reporters/diff-json.js");
    await out.write(diffJson(found));
  } else {
    const { diffText } = await import("../reporters/diff-text.js");
    await out.write(diffText(found, { columns, colour: out.colour }));
  }
  return failOn.some((direction) => found[direction]) ? exitCodes.failed : exitCodes.ok;
}

function limitOption(text: string | undefined): number {
  if (text !== undefined && /^[1-9][0-9]{0,3}$/.test(text)) return Number(text);
  throw new UsageError(`\`--limit\` is \`${text}\`, which is no number of causes`, "write a number from 1 to 9999");
}

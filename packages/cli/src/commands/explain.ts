import type { ArgumentsCamelCase } from "yargs";
import type { Command } from "../command.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { lintDiagnostics } from "../lint-diagnostics.js";
import { singleOption } from "../list-option.js";
import { printDiagnostics } from "../print-diagnostics.js";
import { choosePolicy, readPolicies } from "../read-policies.js";
import type { Terminal } from "../terminal.js";

interface ExplainArguments {
  readonly policy: string;
  readonly image: unknown;
  readonly name: unknown;
  readonly output: "text" | "json";
}

export const explain: Command<ExplainArguments> = {
  usage: "explain <policy> <image..>",
  summary: "Say how images are read, what a policy says of them, and which pattern decided",
  options: (yargs) =>
    yargs
      .positional("policy", { type: "string", demandOption: true, describe: "The policy: a file, a directory, or - " })
      .positional("image", { type: "string", array: true, describe: "Images, as they stand in a pod spec" })
      .option("name", { string: true, requiresArg: true, describe: "Its name, where there are several" })
      .option("output", { choices: ["text", "json"] as const, default: "text" as const, describe: "How to report" }),
  run: runExplain,
};

async function runExplain(parsed: ArgumentsCamelCase<ExplainArguments>, terminal: Terminal): Promise<ExitCode> {
  singleOption("output", parsed.output);
  const name = singleOption("name", parsed.name);
  const images = [parsed.image].flat().map(String);
  const { policies, diagnostics } = await readPolicies([parsed.policy]);
  if (diagnostics.some(({ severity }) => severity === "error")) {
    await printDiagnostics(terminal, diagnostics);
    return exitCodes.invalidPolicy;
  }
  const policy = choosePolicy(policies, name);
  await printDiagnostics(terminal, [...diagnostics, ...(await lintDiagnostics([policy]))]);

  const { explainImages } = await import("../explain-images.js");
  const report = explainImages(policy, images);
  const { out, columns } = terminal;
  if (parsed.output === "json") {
    const { explainJson } = await import("../reporters/explain-json.js");
    await out.write(explainJson(report));
  } else {
    const { explainText } = await import("../reporters/explain-text.js");
    await out.write(explainText(report, { columns, colour: out.colour }));
  }
  return exitCodes.ok;
}

import type { EngineId } from "@registry-policy/engines";
import type { ArgumentsCamelCase } from "yargs";
import type { Command } from "../command.js";
import { emit } from "../emit.js";
import { engineNames } from "../engine-names.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { chooseNames, listOption, singleOption } from "../list-option.js";
import { openEngines } from "../open-engines.js";
import { printDiagnostics } from "../print-diagnostics.js";
import { choosePolicy, readPolicies, standardInput } from "../read-policies.js";
import type { Terminal } from "../terminal.js";
import { UsageError } from "../usage-error.js";
import { webhookOption } from "../webhook-option.js";

interface JudgeArguments {
  readonly policy: string;
  readonly name: unknown;
  readonly engine: unknown;
}

export const judge: Command<JudgeArguments> = {
  usage: "judge <policy>",
  summary: "Judge admission requests from standard input, one JSON line each",
  options: (yargs) =>
    yargs
      .positional("policy", { type: "string", demandOption: true, describe: "The policy: a file or a directory" })
      .option("name", { string: true, requiresArg: true, describe: "Its name, where there are several" })
      .option("engine", {
        string: true,
        requiresArg: true,
        coerce: listOption,
        describe: `Ask only these engines: ${engineNames.join(", ")} or webhook=URL`,
      }),
  run: runJudge,
};

async function runJudge(parsed: ArgumentsCamelCase<JudgeArguments>, terminal: Terminal): Promise<ExitCode> {
  if (parsed.policy === standardInput) {
    throw new UsageError("the policy cannot come from standard input", "name a file: the requests come from there");
  }
  const name = singleOption("name", parsed.name);
  const { availableEngines, defaultEngines, engineParts, openPanel } = await import("@registry-policy/equivalence");
  const { names, webhookUrl } = webhookOption(parsed.engine as string[] | undefined);
  const engineIds = chooseNames<EngineId>("engine", names, [...availableEngines, "webhook"], defaultEngines);
  const { policies, diagnostics } = await readPolicies([parsed.policy]);
  if (await printDiagnostics(terminal, diagnostics)) return exitCodes.invalidPolicy;
  const policy = choosePolicy(policies, name);
  const emitted = await emit(
    [policy],
    engineIds.map((id) => engineParts[id].target),
  );
  if (await printDiagnostics(terminal, emitted.diagnostics)) return exitCodes.invalidPolicy;

  const { engines, close } = await openEngines(engineIds, webhookUrl);
  try {
    const { judgeLines } = await import("../judge-lines.js");
    const panel = await openPanel(policy, emitted.artifacts, engines);
    if (process.stdin.isTTY) await terminal.err.write("reading admission requests, one a line; end with Ctrl-D\n");
    return await judgeLines(process.stdin, panel, terminal);
  } finally {
    await close();
  }
}

import type { EngineId } from "@registry-policy/engines";
import type { ArgumentsCamelCase } from "yargs";
import type { Command } from "../command.js";
import { engineNames } from "../engine-names.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { chooseNames, listOption, singleOption } from "../list-option.js";
import { openEngines } from "../open-engines.js";
import { prepareCheck } from "../prepare-check.js";
import { progressLine } from "../progress-line.js";
import { nodeTargetNames } from "../target-names.js";
import type { Terminal } from "../terminal.js";
import { UsageError } from "../usage-error.js";
import { toolVersion } from "../version.js";
import { webhookOption } from "../webhook-option.js";

interface CheckArguments {
  readonly path: unknown;
  readonly engine: unknown;
  readonly output: "text" | "json";
  readonly thorough: boolean;
  readonly keep: unknown;
  readonly "fixtures-only": boolean;
}

export const check: Command<CheckArguments> = {
  usage: "check [path..]",
  summary: "Judge every fixture on every engine, and say where they disagree",
  options: (yargs) =>
    yargs
      .positional("path", {
        type: "string",
        array: true,
        describe: "Policies and fixtures: files, or directories read recursively (default: .)",
      })
      .option("engine", {
        string: true,
        requiresArg: true,
        coerce: listOption,
        describe: `Ask only these engines: ${engineNames.join(", ")} or webhook=URL; or what nodes read, about images alone: ${nodeTargetNames.join(", ")}`,
      })
      .option("thorough", { boolean: true, default: false, describe: "Generate more requests, and take longer" })
      .option("keep", {
        string: true,
        requiresArg: true,
        describe: "Add the generated request of this name to `fixtures.yaml` beside its policy, and judge nothing",
      })
      .option("fixtures-only", {
        boolean: true,
        default: false,
        describe: "Judge the fixtures alone: generate no requests, prove nothing",
      })
      .option("output", { choices: ["text", "json"] as const, default: "text" as const, describe: "How to report" }),
  run: runCheck,
};

async function runCheck(parsed: ArgumentsCamelCase<CheckArguments>, terminal: Terminal): Promise<ExitCode> {
  singleOption("output", parsed.output);
  const paths = pathsOf(parsed.path);
  const kept = singleOption("keep", parsed.keep);
  if (kept !== undefined) {
    const { runKeep } = await import("../keep-generated.js");
    return runKeep(paths, kept, terminal);
  }
  const fixturesOnly = parsed["fixtures-only"];
  if (fixturesOnly && parsed.thorough) {
    throw new UsageError("`--thorough` and `--fixtures-only` exclude each other", "leave one of the two out");
  }
  const { engineIds, nodes, isChosen, webhookUrl } = await chooseJudges(parsed.engine as string[] | undefined);
  const progress = progressLine(terminal);
  // The host takes a moment to start, in which the files are read. If they are bad, they are what is told of.
  const opening = openEngines(engineIds, webhookUrl);
  opening.catch(() => {});
  try {
    const { checkPolicies, engineParts } = await import("@registry-policy/equivalence");
    const targets = engineIds.map((id) => engineParts[id].target);
    const prepared = await prepareCheck(paths, { targets, nodes, tellsOfNodes: isChosen }, terminal, progress);
    if (typeof prepared === "number") return prepared;
    const { nodeArtifacts } = prepared;
    const { withGenerated } = await import("../with-generated.js");
    const policies = fixturesOnly ? prepared.policies : await withGenerated(prepared.policies, parsed.thorough);

    progress.say("starting the engines");
    const { engines } = await opening;
    const [{ isBroken, provePolicies }, { checkNodes }] = await Promise.all([
      import("../prove-policies.js"),
      import("../check-nodes.js"),
    ]);
    // What needs no engine is done while they judge.
    const withoutEngines = async () => {
      const proofs = await provePolicies(fixturesOnly ? [] : policies, targets);
      return { proofs, nodeChecks: await checkNodes(policies, nodes, nodeArtifacts) };
    };
    const [result, { proofs, nodeChecks }] = await Promise.all([
      checkPolicies(policies, engines, (done, total) => progress.say(`judged ${done} of ${total} policies`)),
      withoutEngines(),
    ]);
    progress.end();
    await report(result, proofs, nodeChecks, parsed.output, terminal);
    const { disagreements, failures } = result.summary;
    const isNodeWrong = nodeChecks.some((check) => check.disagreements.length > 0);
    const isGeneratedWrong = result.policies.some(({ generated }) => (generated?.disagreements.length ?? 0) > 0);
    return disagreements > 0 || isGeneratedWrong || isNodeWrong || proofs.proofs.some(isBroken)
      ? exitCodes.disagreement
      : failures > 0
        ? exitCodes.failed
        : exitCodes.ok;
  } finally {
    progress.end();
    const opened = await opening.catch(() => undefined);
    await opened?.close();
  }
}

/** Who is asked: engines about requests, and what nodes read about images alone. */
async function chooseJudges(words: string[] | undefined) {
  const { availableEngines, defaultEngines } = await import("@registry-policy/equivalence");
  const { names, webhookUrl } = webhookOption(words);
  const isNode = (name: string) => nodeTargetNames.some((node) => node === name);
  const nodes = nodeTargetNames.filter((name) => names?.includes(name) ?? true);
  const others = names?.filter((name) => !isNode(name));
  const engineIds =
    nodes.length > 0 && others?.length === 0
      ? []
      : chooseNames<EngineId>("engine", others, [...availableEngines, "webhook"], defaultEngines);
  return { engineIds, nodes, isChosen: names !== undefined, webhookUrl };
}

async function report(
  result: import("@registry-policy/equivalence").CheckResult,
  proofs: import("../prove-policies.js").PolicyProofs,
  nodes: readonly import("@registry-policy/equivalence").NodeCheck[],
  output: "text" | "json",
  { out, columns }: Terminal,
): Promise<void> {
  if (output === "json") {
    const { checkReport } = await import("@registry-policy/equivalence");
    const { reportedProofs } = await import("../reporters/proof-json.js");
    const found = {
      ...checkReport(result, toolVersion()),
      proofs: reportedProofs(proofs),
      ...(nodes.length > 0 && { nodes }),
    };
    await out.write(`${JSON.stringify(found, null, 2)}\n`);
  } else {
    const { checkText } = await import("../reporters/check-text.js");
    const { proofText } = await import("../reporters/proof-text.js");
    const { nodeText } = await import("../reporters/node-text.js");
    const view = { columns, colour: out.colour };
    await out.write(checkText(result, view) + proofText(proofs, view) + nodeText(nodes, view));
  }
}

function pathsOf(path: unknown): readonly string[] {
  const paths = path === undefined ? [] : [path].flat().map(String);
  return paths.length === 0 ? ["."] : paths;
}

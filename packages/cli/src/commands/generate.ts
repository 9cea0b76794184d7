import type { ArgumentsCamelCase } from "yargs";
import { inDirectory } from "../artifacts/artifact-path.js";
import type { Command } from "../command.js";
import { type Emitted, emit } from "../emit.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { type GatekeeperEngine, gatekeeperEngines, inEngine } from "../gatekeeper-engine.js";
import { chooseNames, listOption, singleOption } from "../list-option.js";
import { withLosses } from "../node-losses.js";
import { printDiagnostics } from "../print-diagnostics.js";
import { progressLine } from "../progress-line.js";
import { readPolicies } from "../read-policies.js";
import { nodeTargetNames, targetNames, webhookTargetNames } from "../target-names.js";
import type { Terminal } from "../terminal.js";
import { UsageError } from "../usage-error.js";

interface GenerateArguments {
  readonly policy: unknown;
  readonly out: unknown;
  readonly target: unknown;
  readonly engine: GatekeeperEngine | undefined;
  readonly check: boolean;
  readonly strict: boolean;
  readonly tests: boolean;
  readonly templates: unknown;
}

export const generate: Command<GenerateArguments> = {
  usage: "generate <policy..>",
  summary: "Write what each policy engine reads",
  options: (yargs) =>
    yargs
      .positional("policy", {
        type: "string",
        array: true,
        describe: "Policies: files, directories read recursively, or - for standard input",
      })
      .option("out", {
        alias: "o",
        string: true,
        requiresArg: true,
        describe: "The directory, in which each target has a folder; without it, the YAML of one target is printed",
      })
      .option("target", {
        string: true,
        requiresArg: true,
        coerce: listOption,
        describe: `Write only these targets: ${targetNames.join(", ")}; or what runs the webhook: ${webhookTargetNames.join(", ")}; or what nodes read: ${nodeTargetNames.join(", ")}`,
      })
      .option("engine", {
        choices: gatekeeperEngines,
        describe: "The language of the target gatekeeper (default: rego); with cel it is the target gatekeeper-cel",
      })
      .option("check", {
        boolean: true,
        default: false,
        describe: "Write nothing, and say what in the directory is not as it would be written",
      })
      .option("tests", {
        boolean: true,
        default: false,
        describe: "Write the fixtures too, as tests for the engines' own commands, in the folder tests of each target",
      })
      .option("strict", {
        boolean: true,
        default: false,
        describe: "Take what a target for nodes cannot say of a policy for an error",
      })
      .option("templates", {
        string: true,
        requiresArg: true,
        describe: "A directory with templates that take the place of the shipped ones",
      }),
  run: runGenerate,
};

const everyName = [...targetNames, ...webhookTargetNames, ...nodeTargetNames];

async function runGenerate(parsed: ArgumentsCamelCase<GenerateArguments>, terminal: Terminal): Promise<ExitCode> {
  const directory = singleOption("out", parsed.out);
  const templates = singleOption("templates", parsed.templates);
  const engine = singleOption("engine", parsed.engine) as GatekeeperEngine | undefined;
  const progress = progressLine(terminal);
  try {
    progress.say("compiling policies");
    const named = inEngine(parsed.target as string[] | undefined, engine);
    const chosen = chooseNames("target", named, everyName, targetNames);
    if (directory === undefined && (parsed.check || chosen.length !== 1)) {
      throw new UsageError(
        parsed.check ? "there is no directory to check" : "there is no directory to write to",
        "name it with `-o DIR`, or print the YAML of one target with `--target`",
      );
    }
    if (directory === undefined && parsed.tests) {
      throw new UsageError("there is no directory to write the tests to", "name it with `-o DIR`");
    }
    const paths = [parsed.policy].flat().map(String);
    const testing = parsed.tests ? await import("../emit-tests.js") : undefined;
    const tested = await testing?.readTestedPolicies(paths);
    const { policies, diagnostics } = tested ?? (await readPolicies(paths));
    if (await printDiagnostics(terminal, diagnostics)) return exitCodes.invalidPolicy;
    if (tested !== undefined && (await printDiagnostics(terminal, tested.fixtureDiagnostics))) return exitCodes.failed;
    const emitted = await emit(policies, chosen, templates);
    const problems = await withLosses(emitted, policies, chosen, parsed.strict);
    if (await printDiagnostics(terminal, problems)) return exitCodes.invalidPolicy;
    const tests = tested === undefined ? undefined : testing?.emitTests(tested, chosen, paths);
    progress.end();
    if (directory === undefined) return await print(emitted, String(chosen[0]), terminal);
    const all = { ...emitted, artifacts: [...emitted.artifacts, ...(tests?.artifacts ?? [])] };
    if (parsed.check) return await compare(all, directory, chosen, terminal, parsed.tests);
    const code = await write(all, directory, chosen, terminal, parsed.tests);
    if (tests !== undefined) await terminal.err.write(testing?.leftOutText(tests) ?? "");
    return code;
  } finally {
    progress.end();
  }
}

/** As `kubectl apply -f -` reads it. */
async function print({ artifacts }: Emitted, target: string, { out }: Terminal): Promise<ExitCode> {
  const files = artifacts.filter(({ path }) => !/(^|\/)kustomization\.yaml$/.test(path));
  const other = files.find(({ path, content }) => !path.endsWith(".yaml") || typeof content !== "string");
  if (other !== undefined) {
    throw new UsageError(
      `\`${other.path}\` is no YAML that could be printed`,
      `name a directory for \`${target}\` with \`-o DIR\``,
    );
  }
  for (const { path, content } of files) await out.write(`---\n# Source: ${path}\n${String(content)}`);
  return exitCodes.ok;
}

async function write(
  { artifacts }: Emitted,
  directory: string,
  targets: readonly string[],
  { out, err }: Terminal,
  withTests: boolean,
): Promise<ExitCode> {
  const [{ compareArtifacts }, { writeArtifacts }] = await Promise.all([
    import("../artifacts/compare-artifacts.js"),
    import("../artifacts/write-artifacts.js"),
  ]);
  const { missing, different, leftOver } = await compareArtifacts(artifacts, directory, targets, withTests);
  const changed = [...missing, ...different.map(({ artifact }) => artifact)];
  await writeArtifacts(changed, directory);
  await out.write(changed.map(({ path }) => `${inDirectory(directory, path)}\n`).join(""));
  const unchanged = artifacts.length - changed.length;
  await err.write(`${changed.length} written, ${unchanged} as they were\n`);
  for (const path of leftOver) {
    await err.write(`warning: no policy makes \`${inDirectory(directory, path)}\`: remove it if it is left over\n`);
  }
  return exitCodes.ok;
}

async function compare(
  { artifacts }: Emitted,
  directory: string,
  targets: readonly string[],
  { out }: Terminal,
  withTests: boolean,
): Promise<ExitCode> {
  const [{ compareArtifacts }, { staleText }] = await Promise.all([
    import("../artifacts/compare-artifacts.js"),
    import("../reporters/stale-text.js"),
  ]);
  const comparison = await compareArtifacts(artifacts, directory, targets, withTests);
  await out.write(await staleText(comparison, directory, artifacts.length));
  const { missing, different, leftOver } = comparison;
  return missing.length + different.length + leftOver.length === 0 ? exitCodes.ok : exitCodes.failed;
}

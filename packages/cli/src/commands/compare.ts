import type { EngineHost } from "@registry-policy/engines";
import type { ComparedSide, Comparison, Direction, OpenSide, SideEngine } from "@registry-policy/equivalence";
import type { ArgumentsCamelCase } from "yargs";
import type { Command } from "../command.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { singleOption } from "../list-option.js";
import { readSides, type SideArguments } from "../read-sides.js";
import { inSideEngine, sideEngineNames } from "../side-engine.js";
import type { Terminal } from "../terminal.js";
import { UsageError } from "../usage-error.js";

interface CompareArguments extends SideArguments {
  readonly "left-engine": SideEngine | undefined;
  readonly "right-engine": SideEngine | undefined;
  readonly direction: Direction | undefined;
  readonly output: "text" | "json";
}

export const compare: Command<CompareArguments> = {
  usage: "compare <left> <right>",
  summary: "Find the requests on which two policies of any engines differ, one for each cause",
  options: (yargs) =>
    yargs
      .positional("left", {
        type: "string",
        demandOption: true,
        describe:
          "A RegistryPolicy, ClusterPolicy, ValidatingPolicy, Gatekeeper template, ValidatingAdmissionPolicy or Rego: a file or a directory; or webhook=URL: a webhook that runs",
      })
      .positional("right", { type: "string", demandOption: true, describe: "Another one, of the same kind or not" })
      .option("entrypoint", {
        string: true,
        requiresArg: true,
        describe: "The rule to ask for, of Rego (default: kubernetes/admission/deny)",
      })
      .option("left-entrypoint", { string: true, requiresArg: true, describe: "The same for LEFT alone" })
      .option("right-entrypoint", { string: true, requiresArg: true, describe: "The same for RIGHT alone" })
      .option("left-engine", {
        choices: sideEngineNames,
        describe: "Who judges LEFT, if it is a RegistryPolicy (default: the reference evaluator)",
      })
      .option("right-engine", { choices: sideEngineNames, describe: "Who judges RIGHT, if it is one" })
      .option("direction", {
        choices: ["allowed", "refused"] as const,
        describe: "Ask only for what RIGHT allows and LEFT refuses, or the other way round",
      })
      .option("output", { choices: ["text", "json"] as const, default: "text" as const, describe: "How to report" }),
  run: runCompare,
};

async function runCompare(parsed: ArgumentsCamelCase<CompareArguments>, terminal: Terminal): Promise<ExitCode> {
  singleOption("output", parsed.output);
  const direction = singleOption("direction", parsed.direction) as Direction | undefined;
  const engineOf = (option: "left-engine" | "right-engine") =>
    singleOption(option, parsed[option]) as SideEngine | undefined;
  const engines = [engineOf("left-engine"), engineOf("right-engine")] as const;
  const sides = await readSides(parsed);
  const left = await inSideEngine(sides[0], "left-engine", engines[0]);
  const right = await inSideEngine(sides[1], "right-engine", engines[1]);

  const report = parsed.output === "json" ? reportJson : reportText;
  const found = await withSides(left, right, (one, other) => report(one, other, direction, terminal));
  return found.differ ? exitCodes.disagreement : exitCodes.ok;
}

type Report = (
  left: OpenSide,
  right: OpenSide,
  direction: Direction | undefined,
  terminal: Terminal,
) => Promise<Comparison>;

const reportJson: Report = async (left, right, direction, { out }) => {
  const [{ compareSides }, { compareJson }] = await Promise.all([
    import("@registry-policy/equivalence"),
    import("../reporters/compare-json.js"),
  ]);
  const found = await compareSides(left, right, direction);
  await out.write(compareJson(found));
  return found;
};

/** A person sees each difference as soon as it is found. */
const reportText: Report = async (left, right, direction, { out, columns }) => {
  const [{ compareSides }, { askedText, comparedText, differenceText }] = await Promise.all([
    import("@registry-policy/equivalence"),
    import("../reporters/compare-text.js"),
  ]);
  const view = { columns, colour: out.colour };
  const head = (side: OpenSide) => ({ title: side.side.title, judge: side.judge });
  await out.write(comparedText({ left: head(left), right: head(right) }, view));
  let number = 0;
  const found = await compareSides(left, right, direction, async (difference) => {
    number += 1;
    await out.write(differenceText(difference, number, view));
  });
  await out.write(askedText(found, view));
  return found;
};

/** Opens both sides, with one engine host if one of them needs it, and closes what was opened. */
async function withSides<T>(
  left: ComparedSide,
  right: ComparedSide,
  work: (left: OpenSide, right: OpenSide) => Promise<T>,
): Promise<T> {
  const [{ openSide }, { PolicyRefused, startHost }] = await Promise.all([
    import("@registry-policy/equivalence"),
    import("@registry-policy/engines"),
  ]);
  let host: Promise<EngineHost> | undefined;
  const startedHost = () => {
    host ??= startHost();
    return host;
  };
  const open = async (side: ComparedSide, name: string) => {
    try {
      return await openSide(side, startedHost);
    } catch (error) {
      if (!(error instanceof PolicyRefused)) throw error;
      throw new UsageError(`${name} cannot be compared: ${error.message}`, refusedHelp(side));
    }
  };
  try {
    return await work(await open(left, "LEFT"), await open(right, "RIGHT"));
  } finally {
    await (await host)?.close();
  }
}

/** What to do about a side that its engine refuses. */
function refusedHelp({ judges }: ComparedSide): string {
  switch (judges) {
    case "opa-rego":
      return "correct it, or name the rule that is asked for with `--left-entrypoint` or `--right-entrypoint`";
    case "gatekeeper":
    case "gatekeeper-cel":
      return "correct it; a template and its constraints belong into one file or directory";
    case "validating-admission-policy":
      return "correct it; a policy, its binding and its parameters belong into one file or directory";
    default:
      return "correct it: a cluster would not take it";
  }
}

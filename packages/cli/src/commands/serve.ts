import type { ArgumentsCamelCase } from "yargs";
import type { Command } from "../command.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { singleOption } from "../list-option.js";
import { UsageError } from "../usage-error.js";

interface ServeArguments {
  readonly policy: unknown;
  readonly host: unknown;
  readonly port: unknown;
  readonly tlsCert: unknown;
  readonly tlsKey: unknown;
  readonly clientCa: unknown;
  readonly insecureHttp: boolean;
  readonly workers: unknown;
  readonly deadline: unknown;
  readonly drain: unknown;
}

export const serve: Command<ServeArguments> = {
  usage: "serve <policy..>",
  summary: "Answer admission reviews and image reviews as a webhook",
  options: (yargs) =>
    yargs
      .positional("policy", {
        type: "string",
        array: true,
        describe:
          "Policies, bundles (bundle.tar.gz), or directories with some: read anew when they change, and on SIGHUP",
      })
      .option("host", { string: true, requiresArg: true, describe: "The address (default: 0.0.0.0)" })
      .option("port", { string: true, requiresArg: true, describe: "The port (default: 8443)" })
      .option("tls-cert", { string: true, requiresArg: true, describe: "The certificate with its chain, PEM" })
      .option("tls-key", { string: true, requiresArg: true, describe: "Its key, PEM" })
      .option("client-ca", {
        string: true,
        requiresArg: true,
        describe: "The authority of the clients that may ask for reviews, PEM (default: any may)",
      })
      .option("insecure-http", {
        boolean: true,
        default: false,
        describe: "Without TLS, on a loopback address (default: 127.0.0.1)",
      })
      .option("workers", { string: true, requiresArg: true, describe: "Processes (default: one for each core)" })
      .option("deadline", {
        string: true,
        requiresArg: true,
        describe: "Seconds in which a review has to arrive and be judged (default: 4.5)",
      })
      .option("drain", {
        string: true,
        requiresArg: true,
        describe: "Seconds from the signal to end to the last new connection (default: 5)",
      }) as never,
  run: runServe,
};

async function runServe(parsed: ArgumentsCamelCase<ServeArguments>): Promise<ExitCode> {
  const cert = singleOption("tls-cert", parsed.tlsCert);
  const key = singleOption("tls-key", parsed.tlsKey);
  const clientCa = singleOption("client-ca", parsed.clientCa);
  const { insecureHttp } = parsed;
  if (insecureHttp && (cert ?? key ?? clientCa) !== undefined) {
    throw new UsageError("`--insecure-http` and a certificate exclude each other", "leave one of them out");
  }
  if (!insecureHttp && (cert === undefined || key === undefined)) {
    const help = "name both `--tls-cert` and `--tls-key`, or try it on this machine alone with `--insecure-http`";
    throw new UsageError("there is no certificate to serve with", help);
  }
  const workers = numberOption("workers", parsed.workers, { least: 1, most: 256, isWhole: true });
  const deadline = numberOption("deadline", parsed.deadline, { least: 0.1, most: 30 });
  const drain = numberOption("drain", parsed.drain, { least: 0, most: 600 });
  const port = numberOption("port", parsed.port, { least: 0, most: 65_535, isWhole: true });
  const { serve } = await import("@registry-policy/serve");
  const isDone = await serve({
    paths: [parsed.policy].flat().map(String),
    host: singleOption("host", parsed.host) ?? (insecureHttp ? "127.0.0.1" : "0.0.0.0"),
    port: port ?? 8443,
    ...(cert !== undefined && key !== undefined && { tls: { cert, key, ...(clientCa !== undefined && { clientCa }) } }),
    ...(workers !== undefined && { workers }),
    ...(deadline !== undefined && { deadline: deadline * 1000 }),
    ...(drain !== undefined && { drain: drain * 1000 }),
  });
  return isDone ? exitCodes.ok : exitCodes.failed;
}

interface NumberBounds {
  readonly least: number;
  readonly most: number;
  readonly isWhole?: boolean;
}

function numberOption(name: string, value: unknown, { least, most, isWhole }: NumberBounds): number | undefined {
  const text = singleOption(name, value);
  if (text === undefined) return undefined;
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most && (!isWhole || Number.isInteger(number))) return number;
  const kind = isWhole ? "a whole number" : "a number";
  throw new UsageError(`\`--${name} ${text}\` is not ${kind} from ${least} to ${most}`, "write one");
}

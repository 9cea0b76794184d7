import type { LoadedPolicy, PolicyFile } from "./engine.js";
import type { HostEngineId } from "./engines.js";
import { engines } from "./engines.js";
import { findHost } from "./find-host.js";
import { connect } from "./host-connection.js";
import { HostError } from "./host-error.js";
import { joinedJudging } from "./joined-judging.js";
import { loadInHost } from "./load-in-host.js";
import type { EmbeddedName, ParsedReference } from "./stdio-protocol.js";

/** The process that embeds the engines. It ends with `close`, and by itself when this process does. */
export interface EngineHost {
  /** The host's own version. */
  readonly version: string;
  /** The process, for whoever wants to measure it. */
  readonly processId: number;
  /** The versions of what it embeds, as they were linked into it. */
  readonly versions: Readonly<Record<EmbeddedName, string>>;
  /**
   * Compiles a policy for one of its engines.
   *
   * @throws PolicyRefused if the engine refuses the policy
   * @throws HostError if the host fails
   */
  load(engine: HostEngineId, files: readonly PolicyFile[]): Promise<LoadedPolicy>;
  /**
   * Parses image references with the parser of container runtimes.
   *
   * @returns one for each text, in their order
   * @throws HostError if the host fails
   */
  parseReferences(references: readonly string[]): Promise<ParsedReference[]>;
  /** Ends the process and waits for its end. What was under way is rejected. */
  close(): Promise<void>;
}

/** How a host is started. */
export interface HostOptions {
  /** The binary; by default the one that `findHost` finds. */
  readonly path?: string;
  /** Arguments for the binary; by default none. */
  readonly arguments?: readonly string[];
  /** How long one request may take, in milliseconds; by default a minute. */
  readonly timeout?: number;
  /** How long the host may take to say what it is, in milliseconds; by default 20 seconds. */
  readonly startTimeout?: number;
}

const referencesInOneRequest = 5_000;

/**
 * Starts an engine host and shakes hands with it.
 *
 * @throws HostError if there is none, it does not start, or it is of another version
 */
export async function startHost(options: HostOptions = {}): Promise<EngineHost> {
  const connection = await connect({
    path: options.path ?? findHost(),
    arguments: options.arguments ?? [],
    timeout: options.timeout ?? 60_000,
    startTimeout: options.startTimeout ?? 20_000,
  });
  const { host: version, engines: versions } = connection.hello;
  const judge = joinedJudging(connection);
  return {
    version,
    processId: connection.processId,
    versions,
    load: (engine, files) => loadInHost(engine, versions[engines[engine].runsIn.host], connection, judge, files),
    async parseReferences(references) {
      const parsed: ParsedReference[] = [];
      for (let from = 0; from < references.length; from += referencesInOneRequest) {
        const batch = references.slice(from, from + referencesInOneRequest);
        const doing = (): string => `parsing ${batch.length} references`;
        const answer = await connection.call("parse-references", { references: batch }, doing);
        if ("refused" in answer) {
          throw new HostError(
            "host-failed",
            `${doing()} failed: ${answer.refused.message}`,
            "this is a bug in registry-policy: please report it",
          );
        }
        parsed.push(...answer.result.references);
      }
      return parsed;
    },
    close: () => connection.close(),
  };
}

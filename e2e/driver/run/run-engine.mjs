import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { logsFolder } from "../build.mjs";
import { apply, remove, startCluster } from "../cluster/index.mjs";
import { controllers } from "../controllers/index.mjs";
import { emittedDocuments } from "../emitted.mjs";
import { defineForeignKinds } from "./foreign-kinds.mjs";
import { runPolicy } from "./run-policy.mjs";

/**
 * Starts a cluster with what an engine needs and nothing else, and has it judge every policy's fixtures.
 *
 * @param {string} engine its id.
 * @param {readonly import("@registry-policy/equivalence").PolicyCases[]} subjects
 * @param {{keeps: boolean, say: (text: string) => void, cleanups: Set<() => Promise<void>>}} options `keeps`: leave the
 *   cluster's folder; `cleanups`: what has to be done if the run is interrupted, as long as it has to be.
 */
export async function runEngine(engine, subjects, { keeps, say, cleanups }) {
  const logs = join(logsFolder, engine);
  mkdirSync(logs, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "registry-policy-e2e-"));
  const cluster = { stop: async () => {} };
  const cleanUp = async () => {
    await cluster.stop();
    if (keeps) say(`${engine}: what the cluster kept is in ${folder}`);
    else rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  cleanups.add(cleanUp);
  try {
    const applyEmitted = async (cluster, policy) => {
      const documents = emittedDocuments(policy, engine);
      await apply(cluster, documents);
      return { cluster, end: () => remove(cluster, documents) };
    };
    say(`${engine}: starting the API server; logs are in ${logs}`);
    const running = await startCluster({ folder, logs }, ({ stop }) => {
      cluster.stop = stop;
    });
    const { title, start, enforce = applyEmitted, ...controller } = controllers[engine];
    say(`${engine}: the API server is ready; starting ${title}`);
    const started = await start(
      running,
      subjects.map(({ found }) => found.policy),
    );
    await defineForeignKinds(running, subjects);
    const policies = [];
    for (const { found, cases } of subjects) {
      say(`${engine}: ${found.policy.name}, ${cases.length} fixtures`);
      const { policy } = found;
      const begin = () => enforce(running, policy, started);
      policies.push(await runPolicy(running, { policy, cases, enforce: begin, ...controller }));
    }
    running.api.close();
    return policies;
  } finally {
    cleanups.delete(cleanUp);
    await cleanUp();
  }
}

import { request } from "node:https";
import { join } from "node:path";
import { root } from "../../../scripts/setup.mjs";
import { waitUntil } from "../cluster/index.mjs";

const command = join(root, "packages/cli/dist/main.js");

/**
 * Starts `registry-policy serve` as a local process.
 *
 * @param {object} cluster
 * @param {{args: readonly string[], port: number}} server `args`: those of the emitted container.
 * @returns {Promise<{kill: () => Promise<void>, restart: () => Promise<void>}>} `restart`: after it was killed.
 * @throws if it is not ready in time.
 */
export async function startPolicyServer({ folder, ca, processes }, { args, port }) {
  let running;
  const start = async () => {
    running = processes.start({
      name: "registry-policy",
      command: process.execPath,
      args: [command, ...args],
      cwd: folder,
    });
    await waitUntil(
      "the policy's server to be ready",
      async () => {
        processes.assertRunning();
        return isReady(port, ca);
      },
      { seconds: 60 },
    );
  };
  await start();
  return { kill: () => running.kill(), restart: start };
}

/** Whether it answers that it is. Nobody listens yet, at first. */
function isReady(port, ca) {
  return new Promise((resolve) => {
    const sent = request({ host: "127.0.0.1", port, path: "/readyz", ca, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    sent.on("error", () => resolve(false)).end();
  });
}

/**
 * The arguments of an emitted container with the addresses of this machine in the place of those of a Pod.
 *
 * @param {readonly string[]} args
 * @param {{port: number, folders: Readonly<Record<string, string>>}} addresses `folders`: by the path at which the Pod
 *   has them.
 */
export function localArguments(args, { port, folders }) {
  const local = (path) => {
    const [mount, folder] = Object.entries(folders).find(([mount]) => path.startsWith(mount)) ?? [];
    return mount === undefined ? path : join(folder, path.slice(mount.length));
  };
  return args.map((arg) => {
    const [, flag = "", value] = /^(--[\w-]+=)?(.*)$/s.exec(arg);
    return flag === "--port=" ? `--port=${port}` : `${flag}${local(value)}`;
  });
}

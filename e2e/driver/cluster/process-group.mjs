import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { controlPlane } from "../build.mjs";

/** How long a process may take to end once its tether is let go: the tether itself kills after three seconds. */
const patienceMs = 8000;

/**
 * The processes of one cluster. Each hangs on a tether (a pipe that only this process holds), so that none outlives the
 * run, not even one that was killed; each writes what it says to a file of its own.
 *
 * @param {string} logs an existing directory.
 */
export function processGroup(logs) {
  const members = [];
  let isStopped = false;
  return {
    /**
     * Starts a command.
     *
     * @param {{name: string, command: string, args: string[], env?: Record<string, string>, cwd: string}} process
     * @returns {{kill: () => Promise<void>}} ends it, and what it started, without a word of warning.
     */
    start({ name, command, args, env = {}, cwd }) {
      if (isStopped) throw new Error(`\`${name}\` is not started: the run is over`);
      const log = join(logs, `${name}.log`);
      const output = openSync(log, "w", 0o600);
      const child = spawn(controlPlane, ["tether", command, ...args], {
        cwd,
        // An interrupt of the terminal is for the driver, which ends its processes in their order.
        detached: true,
        // Nothing of the user's own environment: neither proxies nor another cluster's settings.
        env: { PATH: process.env.PATH ?? "", HOME: cwd, TMPDIR: cwd, ...env },
        stdio: ["pipe", output, output],
      });
      closeSync(output);
      const member = { name, log, child, problem: undefined, hasEnded: false, isReleased: false };
      member.ended = new Promise((resolve) => {
        const end = (problem) => {
          member.hasEnded = true;
          member.problem ??= problem;
          resolve();
        };
        child.on("error", (error) => end(`cannot be started: ${error.message}`));
        child.on("exit", (code, signal) => end(`ended by itself (${signal ?? `exit code ${code}`})`));
      });
      // The pipe of a process that is gone is broken; its end is told by `exit`.
      child.stdin.on("error", () => {});
      members.push(member);
      return {
        async kill() {
          member.isReleased = true;
          if (!member.hasEnded) process.kill(-child.pid, "SIGKILL");
          await member.ended;
        },
      };
    },

    /** Throws if a process is gone that should be there, with its last words. */
    assertRunning() {
      const gone = members.find(({ hasEnded, isReleased }) => hasEnded && !isReleased);
      if (gone === undefined) return;
      const words = readFileSync(gone.log, "utf8").trimEnd().split("\n").slice(-15).join("\n");
      throw new Error(`\`${gone.name}\` ${gone.problem}\n${words}\nhelp: all that it said is in ${gone.log}`);
    },

    /** Ends all, the last one first. Resolves when all are gone. */
    async stop() {
      isStopped = true;
      for (const member of members.reverse()) {
        member.isReleased = true;
        if (member.hasEnded) continue;
        member.child.stdin.end();
        await Promise.race([member.ended, delay(patienceMs)]);
        if (!member.hasEnded) {
          process.kill(-member.child.pid, "SIGKILL");
          await member.ended;
        }
      }
      members.length = 0;
    },
  };
}

function delay(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

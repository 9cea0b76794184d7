import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { ended, garbage, hanging, notStarted, otherVersion, silent } from "./connection-errors.js";
import { HostError } from "./host-error.js";
import { splitLines } from "./split-lines.js";
import {
  type Hello,
  isHello,
  isResponse,
  type Methods,
  maxResponseLength,
  protocolVersion,
  type Response,
  requestLine,
} from "./stdio-protocol.js";

/** A running host. The first failure ends it: every call, under way or to come, is rejected with that failure. */
export interface HostConnection {
  readonly hello: Hello;
  readonly processId: number;
  /**
   * Sends a request.
   *
   * @param doing what is being done, for an error message: `judging 20 requests with …`
   * @returns the result, or the host's refusal
   * @throws HostError if the host fails, or does not answer in time
   */
  call<M extends keyof Methods>(method: M, params: Methods[M]["params"], doing: () => string): Promise<Answer<M>>;
  /** Makes the connection fail: for an answer that reads as none. */
  fail(error: HostError): void;
  close(): Promise<void>;
}

/** The result of a request, or why the host did not carry it out. */
export type Answer<M extends keyof Methods> =
  | { readonly result: Methods[M]["result"] }
  | { readonly refused: { readonly code: string; readonly message: string } };

interface Call {
  readonly doing: () => string;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (answer: Response) => void;
  readonly reject: (error: HostError) => void;
}

export interface ConnectionOptions {
  readonly path: string;
  readonly arguments: readonly string[];
  /** How long one request may take, in milliseconds. */
  readonly timeout: number;
  /** How long the host may take to start, in milliseconds. */
  readonly startTimeout: number;
}

/** How much of the host's standard error an error message can quote. */
const quotedErrors = 2_000;

/** How long the end of the process may follow that of its output, in milliseconds. */
const graceAfterOutput = 1_000;

/**
 * Starts the host and waits for its hello.
 *
 * @throws HostError if it cannot be started, says nothing in time, or speaks another version of the protocol
 */
export async function connect(options: ConnectionOptions): Promise<HostConnection> {
  const child = start(options);
  const calls = new Map<number, Call>();
  let nextId = 1;
  let failure: HostError | undefined;
  let said = "";
  let greet: { resolve: (hello: Hello) => void; reject: (error: HostError) => void } | undefined;

  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });

  const fail = (error: HostError): void => {
    if (failure !== undefined) return;
    failure = error;
    child.kill("SIGKILL");
    greet?.reject(error);
    for (const call of calls.values()) {
      clearTimeout(call.timer);
      call.reject(error);
    }
    calls.clear();
    keepAlive(child, false);
  };

  const underWay = (): string => {
    const first = calls.values().next().value;
    return first === undefined ? "" : ` while ${first.doing()}`;
  };

  const receive = (line: string): void => {
    if (failure !== undefined) return;
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      message = undefined;
    }
    if (greet !== undefined) {
      if (!isHello(message)) fail(garbage(options.path, line, ""));
      else if (message.protocol !== protocolVersion) fail(otherVersion(options.path, message));
      else greet.resolve(message);
      greet = undefined;
    } else if (isResponse(message) && calls.has(message.id)) {
      const call = calls.get(message.id) as Call;
      calls.delete(message.id);
      clearTimeout(call.timer);
      if (calls.size === 0) keepAlive(child, false);
      call.resolve(message);
    } else {
      fail(garbage(options.path, line, underWay()));
    }
  };

  child.once("error", (error: NodeJS.ErrnoException) => fail(notStarted(options.path, error)));
  child.once("close", (code, signal) => {
    const how = signal === null ? `ended with code ${code}` : `was killed by ${signal}`;
    fail(ended(options.path, how, underWay(), said));
  });
  // Its end mostly comes with the end of the process, which says more; after `close` nothing is left to be told.
  child.stdout.once("end", () => {
    if (failure !== undefined) return;
    const timer = setTimeout(() => fail(ended(options.path, "closed its output", underWay(), said)), graceAfterOutput);
    child.once("close", () => clearTimeout(timer));
  });
  // A write to a host that has ended: what it ended with comes with its `close`, which follows.
  child.stdin.on("error", () => {});
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(0, quotedErrors);
  });
  splitLines(child.stdout, maxResponseLength, receive, (start) => fail(garbage(options.path, start, underWay())));

  const hello = await new Promise<Hello>((resolve, reject) => {
    const timer = setTimeout(() => fail(silent(options.path, options.startTimeout)), options.startTimeout);
    greet = {
      resolve: (message) => {
        clearTimeout(timer);
        resolve(message);
      },
      reject: (error) => {
        clearTimeout(timer);
        reject(error);
      },
    };
  });
  keepAlive(child, false);

  return {
    hello,
    processId: child.pid as number,
    fail,
    async call(method, params, doing) {
      if (failure !== undefined) throw failure;
      const id = nextId++;
      const line = requestLine(id, method, params);
      const response = await new Promise<Response>((resolve, reject) => {
        const timer = setTimeout(() => fail(hanging(options.path, options.timeout, doing())), options.timeout);
        calls.set(id, { doing, timer, resolve, reject });
        keepAlive(child, true);
        child.stdin.write(line);
      });
      return response.error === undefined
        ? { result: response.result as Methods[typeof method]["result"] }
        : { refused: response.error };
    },
    async close() {
      const closing = new HostError("host-closed", "the engine host has been closed", "start another with `startHost`");
      if (failure === undefined) {
        // A host that is asked for nothing ends when its input does; one that does not is made to.
        failure = closing;
        for (const call of calls.values()) {
          clearTimeout(call.timer);
          call.reject(closing);
        }
        calls.clear();
        keepAlive(child, true);
        child.stdin.end();
      }
      const timer = setTimeout(() => child.kill("SIGKILL"), 2_000);
      await exited;
      clearTimeout(timer);
      for (const stream of child.stdio) stream?.destroy();
    },
  };
}

function start({ path, arguments: given }: ConnectionOptions): ChildProcessWithoutNullStreams {
  try {
    return spawn(path, given, { stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
  } catch (error) {
    // Most failures come as an event; a path that no system call takes is thrown.
    throw notStarted(path, error as NodeJS.ErrnoException);
  }
}

/** Whether the host keeps Node running: only while it is asked for something. */
function keepAlive(child: ChildProcessWithoutNullStreams, alive: boolean): void {
  const word = alive ? "ref" : "unref";
  child[word]();
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as unknown as Socket)[word]?.();
}

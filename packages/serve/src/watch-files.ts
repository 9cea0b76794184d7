/** Something on disk that is taken into use whenever it changes. */
export interface Watched {
  /** The state, below, of what is in use. */
  readonly used: string;
  /** A text that changes where the files do. */
  readonly state: () => Promise<string>;
  /** Takes them into use; deals with its own failure. */
  readonly reload: () => Promise<void>;
}

export interface Watch {
  /** Takes everything into use now. Resolves once that is done. */
  now(): Promise<void>;
  stop(): void;
}

/**
 * Looks at files again and again, which works for mounted ConfigMaps and Secrets, network file systems and editors
 * alike, where notifications of changes do not. What is being written is left alone until it has not changed for a
 * whole interval: half of a policy may well be a valid policy.
 *
 * @param interval in milliseconds.
 */
export function watchFiles(watched: readonly Watched[], interval: number): Watch {
  const entries = watched.map((one) => ({ ...one, seen: "" }));
  let running = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    running = running.then(work);
    return running;
  };
  const look = async () => {
    for (const entry of entries) {
      const state = await entry.state();
      const isSettled = state === entry.seen;
      entry.seen = state;
      if (state === entry.used || !isSettled) continue;
      await entry.reload();
      entry.used = state;
    }
  };
  const timer = setInterval(() => inTurn(look), interval);
  return {
    now: () =>
      inTurn(async () => {
        for (const entry of entries) {
          entry.used = await entry.state();
          await entry.reload();
        }
      }),
    stop: () => clearInterval(timer),
  };
}

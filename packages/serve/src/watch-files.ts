/** Something on disk that is taken into use whenever it changes. */
export interface Watched {
  /** The state, below, of what is in use. */
  readonly used: string;
  /** A text that changes where the files do. */
  readonly state: () => Promise<string>;
  /** Takes them into use, and returns whether it could; deals with its own failure. */
  readonly reload: () => Promise<boolean>;
}

export interface Watch {
  /** Takes everything into use now. Resolves once that is done. */
  now(): Promise<void>;
  stop(): void;
}

/** What could not be used is tried again after so many looks: what was short may not have been on disk. */
const looksUntilRetry = 30;

/**
 * Looks at files again and again, which works for mounted ConfigMaps and Secrets, network file systems and editors
 * alike, where notifications of changes do not. What is being written is left alone until it has not changed for a
 * whole interval: half of a policy may well be a valid policy.
 *
 * @param interval in milliseconds.
 */
export function watchFiles(watched: readonly Watched[], interval: number): Watch {
  const entries = watched.map((one) => ({ ...one, seen: "", isInUse: true, looks: 0 }));
  let running = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    running = running.then(work);
    return running;
  };
  const use = async (entry: (typeof entries)[number], state: string) => {
    entry.isInUse = await entry.reload();
    entry.used = state;
    entry.looks = 0;
  };
  const look = async () => {
    for (const entry of entries) {
      const state = await entry.state();
      const isSettled = state === entry.seen;
      entry.seen = state;
      const isDue = state !== entry.used || (!entry.isInUse && ++entry.looks >= looksUntilRetry);
      if (isDue && isSettled) await use(entry, state);
    }
  };
  // Looks that had to wait for a long reload would have no interval between them.
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void inTurn(look).finally(() => {
      isLooking = false;
    });
  }, interval);
  return {
    now: () =>
      inTurn(async () => {
        for (const entry of entries) await use(entry, await entry.state());
      }),
    stop: () => clearInterval(timer),
  };
}

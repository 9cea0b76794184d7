/** Where a command writes, and what the reader's screen can show. */
export interface Terminal {
  /** Reports, and nothing else. */
  readonly out: Writer;
  /** Everything else. */
  readonly err: Writer;
  /** How many columns a report may take. */
  readonly columns: number;
}

export interface Writer {
  readonly colour: boolean;
  readonly isTerminal: boolean;
  /** Whether nobody reads any more, as after `| head -1`. */
  readonly isClosed: () => boolean;
  /** Writes a text as it stands, and waits while the reader is slow. */
  readonly write: (text: string) => Promise<void>;
}

const defaultColumns = 80;
const fewestColumns = 20;
const mostColumns = 120;

/** The terminal of this process. */
export function processTerminal(environment: NodeJS.ProcessEnv = process.env): Terminal {
  const given = Number(environment.COLUMNS);
  // A terminal that does not know its width says 0.
  const columns = Number.isInteger(given) && given > 0 ? given : process.stdout.columns || defaultColumns;
  return {
    out: writer(process.stdout, environment),
    err: writer(process.stderr, environment),
    columns: Math.min(mostColumns, Math.max(fewestColumns, columns)),
  };
}

function writer(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Writer {
  let closed = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    closed = true;
    // A reader that has seen enough is no failure; what cannot be written for another reason is.
    if (error.code !== "EPIPE") process.exitCode = 1;
  });
  return {
    colour: wantsColour(stream.isTTY === true, environment),
    isTerminal: stream.isTTY === true,
    isClosed: () => closed,
    write: (text) =>
      new Promise((resolve) => {
        if (closed || text === "") resolve();
        else stream.write(text, () => resolve());
      }),
  };
}

/** `NO_COLOR` and `FORCE_COLOR` say it (no-color.org, force-color.org); else only a terminal has colours. */
export function wantsColour(isTerminal: boolean, { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return isTerminal && TERM !== "dumb";
}

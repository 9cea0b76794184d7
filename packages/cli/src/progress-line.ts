import type { Terminal } from "./terminal.js";

/** A line on a terminal's standard error, for what takes longer than a second. */
export interface ProgressLine {
  /** Says what is being done now. */
  readonly say: (text: string) => void;
  /** Wipes the line. */
  readonly end: () => void;
}

const patience = 1000;

/** Nothing is shown in the first second, and nothing at all where standard error is no terminal. */
export function progressLine({ err, columns }: Terminal): ProgressLine {
  if (!err.isTerminal) return { say: () => {}, end: () => {} };
  let text = "";
  let isShown = false;
  const show = () => {
    isShown = true;
    void err.write(`\r\u001b[K${text.slice(0, columns - 1)}`);
  };
  const timer = setTimeout(show, patience);
  timer.unref();
  return {
    say: (next) => {
      text = next;
      if (isShown) show();
    },
    end: () => {
      clearTimeout(timer);
      if (isShown) void err.write("\r\u001b[K");
      isShown = false;
    },
  };
}

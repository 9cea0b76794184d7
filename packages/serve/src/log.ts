import { destination, type Logger, pino } from "pino";

/** What waits to be written while nothing can be, in bytes; what comes then is lost. */
const longestBacklog = 1024 * 1024;

/**
 * JSON lines on standard output, written before a request is answered: what refused a pod is not lost in a crash.
 * The line of a refusal fits in a pipe's atomic write, as every process writes to the same pipe.
 *
 * Where they cannot be written, as on a disk that is full, that is said once on standard error: neither a verdict nor
 * the life of a process depends on it.
 */
export function openLog(level = "info"): Logger {
  const lines = destination({ fd: 1, sync: true, maxLength: longestBacklog });
  lines.once("error", ({ message }: Error) => process.emitWarning(`the log cannot be written: ${message}`));
  lines.on("error", () => {});
  return pino(
    { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: levelName } },
    lines,
  );
}

const levelName = (level: string) => ({ level });

/**
 * A text from outside, as long as a line can take.
 *
 * @param most in bytes, as the text is written in JSON: a control character takes six.
 */
export function shortened(text: string, most = 512): string {
  if (text.length <= most && /^[ !#-[\]-~]*$/.test(text)) return text;
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(JSON.stringify(character)) - 2;
    if (bytes > most) return `${text.slice(0, end)}…`;
    end += character.length;
  }
  return text;
}

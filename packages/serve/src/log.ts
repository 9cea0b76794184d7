import { destination, type Logger, pino } from "pino";

/**
 * JSON lines on standard output, written before a request is answered: what refused a pod is not lost in a crash.
 * The line of a refusal fits in a pipe's atomic write, as every process writes to the same pipe.
 */
export function openLog(level = "info"): Logger {
  return pino(
    { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: levelName } },
    destination({ fd: 1, sync: true }),
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

import { painter } from "./paint.js";
import type { Terminal } from "./terminal.js";

/** Prints why a command could not do its work: a sentence, and what to do about it. */
export async function printFailure({ err }: Terminal, error: unknown): Promise<void> {
  const paint = painter(err.colour);
  const { message, help } = error as { message?: unknown; help?: unknown };
  if (typeof message === "string" && typeof help === "string") {
    // An engine's words, or a path, may hold what a terminal acts on.
    const { escapeText } = await import("@registry-policy/language");
    const lines = message.split("\n").map(escapeText);
    const helpLines = help
      .split("\n")
      .map((line, index) => (index === 0 ? escapeText(line) : `      ${escapeText(line)}`));
    await err.write(
      `${paint("bad", "error")}: ${lines.join("\n")}\n${paint("strong", "help")}: ${helpLines.join("\n")}\n`,
    );
    return;
  }
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  await err.write(
    `${paint("bad", "error")}: registry-policy crashed\n${words}\n` +
      `${paint("strong", "help")}: this is a bug: please report it with what you ran and the lines above\n`,
  );
}

import { setFlagsFromString } from "node:v8";

/** In bytes of bytecode that a function runs before it is compiled for speed; V8's own is 132 KiB in Node 20. */
export const flag = "--interrupt-budget=800000";

/**
 * Lets V8 optimise only what runs for long. A command ends after a second or two, and what the optimising compiler does
 * on threads of its own takes more from the engines beside it than it saves: a fifth of all the time of a `check`.
 * (`interrupt_budget` of V8's src/flags/flag-definitions.h)
 */
export function optimiseLater(): void {
  setFlagsFromString(flag);
}

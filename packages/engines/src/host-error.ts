/** What went wrong with the engine host, one code for each way in which it can fail. */
export type HostErrorCode =
  /** There is no binary, or it cannot be started. */
  | "host-missing"
  /** It speaks another version of the protocol. */
  | "host-version"
  /** It ended, or was killed, while it was needed. */
  | "host-ended"
  /** It did not answer in time. */
  | "host-hanging"
  /** It wrote something that is no message of the protocol. */
  | "host-garbage"
  /** It was asked for something after it had been closed. */
  | "host-closed"
  /** It answered that it could not carry out a request that was in order. */
  | "host-failed";

/** The engine host failed: nothing that was asked of it was decided. */
export class HostError extends Error {
  override readonly name = "HostError";
  readonly code: HostErrorCode;
  /** What to do about it, one way out a line. */
  readonly help: string;

  /**
   * @param message one lower-case sentence without a full stop
   * @param help what to do, one way out a line
   */
  constructor(code: HostErrorCode, message: string, help: string) {
    super(message);
    this.code = code;
    this.help = help;
  }
}

/**
 * The protocol between the host and its client: JSON, one message a line, on standard input and output. The other half
 * is `host/stdio_protocol.go`; a change to either is a change to both, and to `protocolVersion`.
 *
 * The host first writes a hello. The client then writes requests, which are answered in any order.
 */
export const protocolVersion = 2;

/** A line that is longer than this is not sent (the host takes 64 MiB) and not read. */
export const maxRequestLength = 48 * 1024 * 1024;
export const maxResponseLength = 256 * 1024 * 1024;

/** The modules whose resolved versions the hello tells. */
export const embeddedNames = ["kyverno", "gatekeeper", "opa", "kubernetes", "cel", "distribution-reference"] as const;
export type EmbeddedName = (typeof embeddedNames)[number];

/** The first line that the host writes. */
export interface Hello {
  readonly protocol: number;
  readonly host: string;
  readonly engines: Readonly<Record<EmbeddedName, string>>;
}

/** The methods of the host: what each takes and gives. */
export interface Methods {
  load: {
    params: { engine: string; files: readonly { name: string; text: string }[] };
    result: { handle: number; warnings: readonly string[] };
  };
  /** Several policies, each of which judges some of the reviews, or all. */
  judge: {
    params: {
      /** Each as JSON already, so that it is written once however the batches are cut. */
      reviews: readonly RawJson[];
      policies: readonly {
        handle: number;
        /** As indices into those above. */
        reviews: readonly number[];
      }[];
    };
    /** A list for each policy, with a verdict for each of its reviews. */
    result: { verdicts: readonly (readonly HostVerdict[])[] };
  };
  unload: { params: { handle: number }; result: Record<string, never> };
  "parse-references": {
    params: { references: readonly string[] };
    result: { references: readonly ParsedReference[] };
  };
  ping: { params: Record<string, never>; result: Record<string, never> };
}

/** JSON text that goes into a request as it stands. */
export type RawJson = string & { readonly raw?: true };

/** One verdict on the wire; `verdict` is checked by the client. */
export interface HostVerdict {
  readonly verdict: string;
  readonly images: readonly string[];
  readonly messages: readonly string[];
  readonly error?: string;
  readonly durationNs: number;
}

/** What `github.com/distribution/reference` makes of a text: the parts, or the error. */
export interface ParsedReference {
  readonly domain: string;
  readonly path: string;
  readonly tag: string;
  readonly digest: string;
  readonly error?: string;
}

/** A request that was not carried out. */
export interface ResponseError {
  readonly code: string;
  readonly message: string;
}

export interface Response {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: ResponseError;
}

/** One request as a line. */
export function requestLine<M extends keyof Methods>(id: number, method: M, params: Methods[M]["params"]): string {
  return `{"id":${id},"method":${JSON.stringify(method)},"params":${paramsText(params)}}\n`;
}

function paramsText(params: object): string {
  if (!("reviews" in params)) return JSON.stringify(params);
  const { reviews, ...rest } = params as { reviews: readonly RawJson[] };
  return `${JSON.stringify(rest).slice(0, -1)},"reviews":[${reviews.join(",")}]}`;
}

/** Whether a line is a hello, of whichever protocol version. */
export function isHello(message: unknown): message is Hello {
  if (!isObject(message) || !Number.isInteger(message.protocol) || typeof message.host !== "string") return false;
  if (message.protocol !== protocolVersion) return true;
  const versions = message.engines;
  return isObject(versions) && embeddedNames.every((name) => typeof versions[name] === "string");
}

/** Whether a line is an answer. */
export function isResponse(message: unknown): message is Response {
  if (!isObject(message) || !Number.isInteger(message.id)) return false;
  const { error, result } = message;
  if (error === undefined) return result !== undefined;
  return isObject(error) && typeof error.code === "string" && typeof error.message === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import type { MetricObject } from "prom-client";
import type { PolicySource } from "./policy-source.js";
import type { ServerOptions, TlsFiles } from "./server-options.js";

/** What is otherwise from now on. */
export type Change =
  | { readonly type: "policies"; readonly sources: readonly PolicySource[] }
  | { readonly type: "tls"; readonly tls: TlsFiles }
  | { readonly type: "stale"; readonly stale: readonly string[] }
  | { readonly type: "drain" };

/** What the process that reads files tells one that answers. Bytes go as bytes: `serialization: "advanced"`. */
export type ToWorker =
  | {
      readonly type: "start";
      readonly host: string;
      readonly port: number;
      readonly server: ServerOptions;
      readonly sources: readonly PolicySource[];
      readonly stale: readonly string[];
      readonly logLevel: string;
    }
  | { readonly type: "change"; readonly change: Change; readonly id: number }
  | { readonly type: "close" }
  | { readonly type: "ping" }
  /** It wants to know what the process has counted. */
  | { readonly type: "count"; readonly id: number }
  /** The answer to `metrics`. */
  | { readonly type: "metrics"; readonly id: number; readonly text: string };

/** What a process that answers tells the one that reads files. */
export type FromWorker =
  /** It has been loaded, and hears what it is told from now on. */
  | { readonly type: "ready" }
  | { readonly type: "listening"; readonly port: number }
  /** It cannot begin; it ends. */
  | { readonly type: "failed"; readonly message: string; readonly help: string }
  /** The change of that id is made: it holds for every request from now on. */
  | { readonly type: "changed"; readonly id: number }
  | { readonly type: "pong" }
  | { readonly type: "counted"; readonly id: number; readonly metrics: MetricObject[] }
  /** Somebody asks for the metrics of all processes. */
  | { readonly type: "metrics"; readonly id: number };

import type { Engine, EngineFacts, EngineHost, EngineId } from "@registry-policy/engines";
import { toolVersion } from "./version.js";

/** Engines that run until they are closed. */
export interface OpenEngines {
  readonly engines: readonly Engine[];
  /** Ends the engine host, if there is one. */
  readonly close: () => Promise<void>;
}

/**
 * Opens engines; the host is started only if one of them runs in it.
 *
 * @param webhookUrl of a webhook that runs; without it, the policy's own bundle is served to it.
 * @throws HostError if the host does not start; a webhook that is not there is said where it is loaded.
 */
export async function openEngines(ids: readonly EngineId[], webhookUrl?: string): Promise<OpenEngines> {
  const { engines, openEngine, startHost } = await import("@registry-policy/engines");
  const needsHost = ids.some((id) => typeof (engines[id] as EngineFacts).runsIn === "object");
  const webhook = ids.includes("webhook") ? await openWebhook(webhookUrl) : undefined;
  const host = needsHost ? await startHost() : noHost;
  return {
    engines: ids.map((id) => (id === "webhook" ? (webhook as Engine) : openEngine(id, host))),
    close: () => (needsHost ? host.close() : Promise.resolve()),
  };
}

async function openWebhook(url: string | undefined): Promise<Engine> {
  const { runningWebhook, webhookEngine } = await import("@registry-policy/engines");
  if (url !== undefined) return webhookEngine(() => runningWebhook(url), url);
  const { serveBundle } = await import("@registry-policy/serve");
  return webhookEngine(serveBundle, toolVersion().version);
}

/** In the place of a host that no engine asks for anything. */
const noHost = {
  get version(): never {
    throw new Error("no engine host was started");
  },
} as unknown as EngineHost;

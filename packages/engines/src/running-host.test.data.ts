import { type EngineHost, startHost } from "./engine-host.js";
import { HostError } from "./host-error.js";

/** The real host. Without one the tests fail, with the words that say how to get it. */
export async function runningHost(): Promise<EngineHost> {
  try {
    return await startHost();
  } catch (error) {
    if (error instanceof HostError) throw new Error(`${error.message}\n${error.help}`, { cause: error });
    throw error;
  }
}

import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ServeError } from "./policy-source.js";
import type { TlsFiles } from "./server-options.js";

/** Where the files are. */
export interface TlsPaths {
  readonly cert: string;
  readonly key: string;
  readonly clientCa?: string;
}

/**
 * Reads a certificate with its chain, its key and the authority of the clients, all PEM, and checks that they can be
 * used together.
 *
 * @throws ServeError where they cannot, as in the moment in which one of them was renewed and the other was not.
 */
export async function readTls({ cert, key, clientCa }: TlsPaths): Promise<TlsFiles> {
  const [certificate, privateKey, authority] = await Promise.all([
    readPem(cert),
    readPem(key),
    clientCa === undefined ? undefined : readPem(clientCa),
  ]);
  const parsed = parse(cert, "a certificate", () => new X509Certificate(certificate));
  const parsedKey = parse(key, "a private key", () => createPrivateKey(privateKey));
  if (!parsed.checkPrivateKey(parsedKey)) {
    throw new ServeError(`the key \`${key}\` is not that of the certificate \`${cert}\``, "renew both together");
  }
  if (clientCa !== undefined && authority !== undefined) {
    parse(clientCa, "a certificate", () => new X509Certificate(authority));
  }
  return { cert: certificate, key: privateKey, ...(authority !== undefined && { clientCa: authority }) };
}

async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new ServeError(
      `\`${path}\` cannot be read: ${(error as Error).message}`,
      "check the path and its permissions",
    );
  }
}

function parse<T>(path: string, what: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw new ServeError(`\`${path}\` is not ${what} in PEM`, "name a file that begins with `-----BEGIN`");
  }
}

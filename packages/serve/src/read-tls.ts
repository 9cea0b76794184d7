import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
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
  const [parsed] = parse(cert, "a certificate", () => certificatesOf(certificate));
  const parsedKey = parse(key, "a private key without a passphrase", () => createPrivateKey(privateKey));
  if (!parsed.checkPrivateKey(parsedKey)) {
    throw new ServeError(
      `the key \`${key}\` is not that of the certificate \`${cert}\``,
      "name the key that the certificate was made for, and renew both together",
    );
  }
  if (clientCa !== undefined && authority !== undefined) {
    parse(clientCa, "a certificate", () => certificatesOf(authority));
  }
  refuseUnusable({ cert: certificate, key: privateKey }, cert);
  return { cert: certificate, key: privateKey, ...(authority !== undefined && { clientCa: authority }) };
}

/** When a certificate ends, PEM. Throws where it is none. */
export function certificateEnd(pem: Buffer): Date {
  return new Date(certificatesOf(pem)[0].validTo);
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

/**
 * All certificates of a file, of which OpenSSL would read the first and may leave out the others where one is broken.
 *
 * @throws where there is none, or one is broken.
 */
function certificatesOf(pem: Buffer): readonly [X509Certificate, ...X509Certificate[]] {
  const blocks = pem.toString("latin1").split(/(?=-----BEGIN )/);
  const [first, ...others] = blocks
    .filter((block) => /^-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/.test(block))
    .map((block) => new X509Certificate(block));
  if (first === undefined) throw new Error("there is no certificate");
  return [first, ...others];
}

/** What is left that TLS itself refuses: a key that is too short, say. The processes that answer would end by it. */
function refuseUnusable(pair: { readonly cert: Buffer; readonly key: Buffer }, path: string): void {
  try {
    createSecureContext(pair);
  } catch (error) {
    throw new ServeError(
      `the certificate \`${path}\` cannot be used: ${(error as Error).message}`,
      "renew it with its key",
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

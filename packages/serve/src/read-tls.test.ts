import { createPrivateKey, X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { selfSigned, tooShort } from "./certificates.test.data.js";
import { ServeError } from "./policy-source.js";
import { readTls } from "./read-tls.js";
import { folder } from "./serve-process.test.data.js";

interface Files {
  readonly cert: string | Uint8Array;
  readonly key: string;
  readonly clientCa?: string;
}

async function reading(t: ExecutionContext, { cert, key, clientCa }: Files) {
  const directory = await folder(t);
  const place = (name: string) => join(directory, name);
  await writeFile(place("tls.crt"), cert);
  await writeFile(place("tls.key"), key);
  if (clientCa !== undefined) await writeFile(place("ca.crt"), clientCa);
  return readTls({
    cert: place("tls.crt"),
    key: place("tls.key"),
    ...(clientCa !== undefined && { clientCa: place("ca.crt") }),
  });
}

/** Its text is PEM, and no certificate. */
const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

test("a certificate is read with its chain, and an authority with others beside it", async (t) => {
  const [first, second] = [await selfSigned("first"), await selfSigned("second")];
  const chain = `${first.cert}\n${second.cert}`;
  const read = await reading(t, { cert: chain, key: first.key, clientCa: `of ours\n${chain}` });
  t.is(read.cert.toString(), chain);
  t.is(read.clientCa?.toString(), `of ours\n${chain}`);
});

test("what OpenSSL would end a process by, or leave out, is refused before", async (t) => {
  const { cert, key } = await selfSigned("first");
  const passphrase = { cipher: "aes-128-cbc", passphrase: "secret" } as const;
  const encrypted = createPrivateKey(key).export({ type: "pkcs8", format: "pem", ...passphrase }) as string;
  const refused = {
    "a chain with a broken certificate": { files: { cert: cert + broken, key }, message: /tls\.crt` is not a cert/ },
    "no PEM": { files: { cert: new X509Certificate(cert).raw, key }, message: /tls\.crt` is not a certificate in PEM/ },
    "an authority with a broken one": { files: { cert, key, clientCa: cert + broken }, message: /ca\.crt` is not a c/ },
    "an authority that is a key": { files: { cert, key, clientCa: key }, message: /ca\.crt` is not a certificate/ },
    "a key with a passphrase": { files: { cert, key: encrypted }, message: /key` is not a private key without a pass/ },
    "a key that is too short": { files: tooShort, message: /tls\.crt` cannot be used: .*key too small/ },
    "another's key": { files: { cert, key: (await selfSigned("second")).key }, message: /is not that of the cert/ },
  };
  for (const [name, { files, message }] of Object.entries(refused)) {
    await t.throwsAsync(() => reading(t, files), { instanceOf: ServeError, message }, name);
  }
});

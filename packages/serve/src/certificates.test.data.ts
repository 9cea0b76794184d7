import { generate } from "selfsigned";

/** A certificate with its key, PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** An authority of its own for `localhost` and 127.0.0.1. `name` tells one from another; `dates` say when it holds. */
export async function selfSigned(
  name: string,
  dates: { readonly notBeforeDate?: Date; readonly notAfterDate?: Date } = {},
): Promise<Pair> {
  const made = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    ...dates,
    extensions: [
      { name: "basicConstraints", cA: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** RSA of 512 bits, which OpenSSL reads and does not serve with. */
export const tooShort: Pair = {
  key: `-----BEGIN PRIVATE KEY-----
MIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8wggE7AgEAAkEAwqUyighv9w+eH/z0
tU47zieEN3cBemS5ucsOqs/07fS+hdhvMuCJhi5OzOwvjo7tDSowASHGV63p7IYL
qoNlhwIDAQABAkEAnQuGnGI0XEVIkoyYsBQgIrQ1dD7bfXH5e9M+0UiaWMY9ezCe
eAV55pA35Iq7Z7y0QS4t8bu69mrFNT8Quus3mQIhAPv1IeMGrT3qrXie92/Ykmn+
mF8vhghPxxvNvNsETjQzAiEAxcSqeYU4TAJTKk9jTZTrPhxZ3N1a8Pn5XnZgKQik
1V0CIQD2c8Qu1nQVEX2XdB9ilvw4k+Glkc3QSYDgUHF/5ok8gwIgf5VjQOgfrHFn
g4kZkAg9RqF1m5W1wHYTWMxXNsGbzQUCIFyMgKT2qgrVaOzpOvZ5nLcacxsJuzuS
ZNVPu3cLiciK
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBeTCCASOgAwIBAgIUa5QobgEn+fxp2gvsqFQfBpb+QIYwDQYJKoZIhvcNAQEL
BQAwEDEOMAwGA1UEAwwFc2hvcnQwIBcNMjYxMTIxMjAwODM0WhgPMjEyNjEwMjgy
MDA4MzRaMBAxDjAMBgNVBAMMBXNob3J0MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJB
AMKlMooIb/cPnh/89LVOO84nhDd3AXpkubnLDqrP9O30voXYbzLgiYYuTszsL46O
7Q0qMAEhxlet6eyGC6qDZYcCAwEAAaNTMFEwHQYDVR0OBBYEFC1W8dXPiR+wwRN2
/+EFWj/yjk/lMB8GA1UdIwQYMBaAFC1W8dXPiR+wwRN2/+EFWj/yjk/lMA8GA1Ud
EwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADQQCxHNTAzYExQ26CRrzAy3R/7Tid
M7MH5AWzOAxxQHfNw/h1hWrTtlK76dr8cXbXGgzBCgrBShij83SUssssjgkf
-----END CERTIFICATE-----
`,
};

/** The largest body that is read, in bytes: the limit of the API server's own requests. */
export const maximumBody = 3 * 1024 * 1024;

/** What a server proves itself with, and by what it knows its clients. PEM. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Of the clients that may ask for reviews; absent: any may. */
  readonly clientCa?: Buffer;
}

/** How a server answers. */
export interface ServerOptions {
  /** Absent: without TLS. */
  readonly tls?: TlsFiles;
  /** In milliseconds: for a whole body to arrive, and for the answer to be begun. */
  readonly deadline: number;
}

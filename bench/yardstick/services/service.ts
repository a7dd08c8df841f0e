/** A server that a contender needs beside itself. */
export interface Service extends AsyncDisposable {
  readonly url: string;
  /** User and system time of all its processes so far. */
  readonly cpuSeconds: () => number;
}

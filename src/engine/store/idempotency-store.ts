/** What the store does for requests that are sent twice: a part of `Store`. */

/** The workspace's own name of a request. */
export interface RequestName {
  readonly workspace: string;
  readonly key: string;
}

export interface RequestClaim extends RequestName {
  /** SHA-256 over method, path and body, hex. */
  readonly fingerprint: string;
  readonly workerId: string;
  /** The id that what the request makes will have. */
  readonly resource: string;
  readonly keepMs: number;
}

/**
 * - `working`: by a worker that may have died.
 * - `open`: it broke half-way, and may be worked on again.
 * - `answered`: its answer is kept.
 * - `remake`: it was answered; the answer is made again from its resource.
 * - `told-once`: it was answered with a secret, which is kept nowhere.
 */
export type RequestState = 'working' | 'open' | 'answered' | 'remake' | 'told-once';

export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request that was made before under the same name. */
export interface KnownRequest {
  readonly fingerprint: string;
  readonly state: RequestState;
  readonly workerId: string;
  readonly resource: string;
  /** Only when it is `answered`. */
  readonly answer?: KeptAnswer;
}

/** How the work on a request ended; `refused`: nothing was done, and its name is free again. */
export type RequestEnd =
  | { readonly state: 'answered'; readonly answer: KeptAnswer }
  | { readonly state: 'open' | 'remake' | 'told-once' | 'refused' };

export interface IdempotencyStore {
  /** Notes the request before it is worked on; answers the one that has the name already. */
  claimRequest(claim: RequestClaim): Promise<'claimed' | KnownRequest>;
  /** Works on a known request again, if it is still as it was found. */
  retakeRequest(name: RequestName, found: KnownRequest, workerId: string): Promise<boolean>;
  /** False when another worker has it by now; nothing is changed then. */
  endRequest(name: RequestName, workerId: string, end: RequestEnd): Promise<boolean>;
  /** Removes what is kept too long; returns how many. */
  forgetRequests(): Promise<number>;
}

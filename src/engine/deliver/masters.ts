/** Where stored pictures come from: the blob store, as far as delivery needs it. */
export interface Masters {
  get(hash: string): Promise<Uint8Array>;
}

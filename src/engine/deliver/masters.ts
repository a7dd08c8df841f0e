/** Where stored pictures come from: the blob store, as far as delivery needs it. */
export interface Masters {
  /** The caller's own bytes: nobody else reads them afterwards. */
  get(hash: string): Promise<Uint8Array>;
  /** A WebP of it with this longest side, where one was made before; it is given away. */
  thumbnail?(hash: string, side: number): Uint8Array | undefined;
}

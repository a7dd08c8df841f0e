/** What is measured of a picture's pixels, so that a queue of pictures can be judged. */
export interface PictureMeasures {
  /**
   * Variance of the Laplacian of the luma (0 to 255) at full size: fine structure raises it, blur lowers
   * it. Subjects differ far more in it than good and bad pictures of one subject do.
   */
  readonly detail: number;
  /** Difference hash of 128 bits, as 32 hex digits. */
  readonly fingerprint: string;
  /** Colours of a 4x4 grid, row by row: CIE L, a, b of each cell as bytes, 96 hex digits. */
  readonly signature: string;
}

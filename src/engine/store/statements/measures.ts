/** What is measured of pictures, and what was found about them. */
import type { ImageFacts } from '../../core/outcome.ts';

/** The columns of an item that a picture's measures fill. */
export function measureColumns({ measures }: ImageFacts): {
  detail: number | null;
  fingerprint: string | null;
  signature: string | null;
} {
  return {
    detail: measures?.detail ?? null,
    fingerprint: measures?.fingerprint ?? null,
    signature: measures?.signature ?? null,
  };
}

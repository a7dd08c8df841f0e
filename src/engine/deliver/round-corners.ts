/** Rounds the corners of a picture of four bytes a pixel, in place, by its transparency. */
export function roundCorners(
  rgba: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  radius: number,
): void {
  const reach = Math.min(radius, width >> 1, height >> 1);
  for (let y = 0; y < reach; y += 1) {
    for (let x = 0; x < reach; x += 1) {
      const fromCentre = Math.hypot(reach - x - 0.5, reach - y - 0.5);
      // What of the pixel lies inside the circle, about.
      const share = Math.max(0, Math.min(1, reach - fromCentre + 0.5));
      for (const row of [y, height - 1 - y]) {
        for (const column of [x, width - 1 - x]) {
          const at = (row * width + column) * 4 + 3;
          rgba[at] = Math.round(rgba[at]! * share);
        }
      }
    }
  }
}

import sharp from 'sharp';

/** A square picture with as much structure as a photograph has, as PNG; always the same. */
export async function paintSample(side: number): Promise<Uint8Array> {
  const pixels = new Uint8Array(side * side * 3);
  let noise = 1;
  for (let at = 0; at < pixels.length; at += 1) {
    noise = (Math.imul(noise, 1_103_515_245) + 12_345) >>> 0;
    const x = Math.floor(at / 3) % side;
    const y = Math.floor(at / 3 / side);
    pixels[at] = 128 + 80 * Math.sin((x * (1 + (at % 3))) / 23) * Math.cos(y / 17) + (noise >>> 28);
  }
  const raw = { width: side, height: side, channels: 3 } as const;
  return await sharp(pixels, { raw }).png().toBuffer();
}

import sharp from 'sharp';

/**
 * Patches of colour that show nothing, found by trying which ones the screening model flags: such models
 * are wrong now and then, and here that serves.
 */
const PATCHES =
  '/+66uWs9//Kn/97N77Zq8Me6/7ugzG9/w6KO//rTzZJ4wbmV341776uBurtx1Z929uewchk53buP2ZmgycGG/9bC/bu3kWRdxnVr4J1hzZVhxouO/6mgy52a54t8byw29J6J4Y55v1xD4a9+37qg67Gzio17m7CTw7SI1pmLOQsE1IqXp392wLyGxpiM8ZqW9NPK';
const SIDE = 7;

export async function flaggedPicture(side = 299): Promise<Buffer> {
  const raw = { width: SIDE, height: SIDE, channels: 3 } as const;
  return await sharp(Buffer.from(PATCHES, 'base64'), { raw })
    .resize(side, side, { kernel: 'cubic' })
    .png()
    .toBuffer();
}

/** Says how much memory a process takes at most for refusing a file that claims 900 million pixels. */
import { finished, whyUnusable } from './finishing.ts';
import { pngBomb } from './odd-pictures.ts';
import { paintPicture } from './pictures.ts';

// Everything that finishing loads is there before the counting.
await finished(await paintPicture(), 'resize 20x20; webp');
const peakMegabytes = () => process.resourceUsage().maxRSS / 1024;
const before = peakMegabytes();
const reason = await whyUnusable(pngBomb(30_000, 30_000), 'resize 64x64; webp');
console.log(JSON.stringify({ reason, grownMegabytes: peakMegabytes() - before }));

/** Help of the tools that work through many pictures, by example. */

const COMMON = `
SOURCE is a folder with all that is below it, files, or a run by its id (its stored originals; see
imagemill list). A path that is there goes before a run's id. Of a run's out folder its contact sheet and
what lies in replaced and originals is left out, unless that is named itself. Originals are never changed:
results go to a folder beside the source (shots → shots-webp) or to --out, where nothing of yours is
overwritten.
Stopped by Ctrl-C, a crash or a full disk? Give the same command again: it goes on with what is left, and
does anew what was changed. finish-report.csv in the out folder tells of every picture.
{stem} {folder} {output} {width} {height} {size} {number} {ext} make the names of --name; for a run also
its own, like {row} and {model}. {-output} puts a - before it where there is one.
Exit codes: 0 all done, 5 some failed, 2 bad usage, 8 trouble with a disk, 130 interrupted.
`;

export const UPSCALE_HELP = `
Examples:
  imagemill tools upscale shots                          twice as large, into shots-2x
  imagemill tools upscale shots --factor 4 --format webp --quality 82
  imagemill tools upscale r7k2 --method lanczos          the images of a run
  imagemill tools upscale shots --dry-run                how long it would take

learned gives clean edges without steps or haloes, on drawings and painted pictures clearly. On photographs
it gains less (at 2x 0.7 dB, SSIM .911 against .903), and turns fine fur or grass into brush strokes: there
lanczos is better, and it takes a third of the time.
${COMMON}`;

export const CONVERT_HELP = `
Examples:
  imagemill tools convert shots --format webp            into shots-webp
  imagemill tools convert shots --format jpeg --max-bytes 200KB
  imagemill tools convert shots/*.png --format avif --quality 60 --out web
  imagemill tools convert shots --resize 512x512 --fit pad --background '#ffffff'
  imagemill tools convert shots --crop 16:9 --position attention --format webp
  imagemill tools convert shots --format webp --size 1024x1024 --size thumb=256x256
  imagemill tools convert r7k2 --format webp --name '{model}/{row}{-output}.{ext}'
${COMMON}`;

export const FINISH_HELP = `
Examples:
  imagemill tools finish shots --recipe "upscale 2x; webp 82"
  imagemill tools finish r7k2 --recipe "upscale 2x; webp 82 | thumb: resize 256x256; webp 70"
A recipe's steps are upscale 2x|3x|4x [lanczos], resize WxH [cover|inside|pad #ffffff], crop W:H [PLACE],
and the format: png, jpeg 82, webp 200KB, avif lossless. PLACE is center, top, bottom, left, right or
attention. A | begins another file of the same picture, with a name before its colon. The
same recipe is a run's own with imagemill run --finish.
${COMMON}`;

export const MARK_HELP = `
Examples:
  imagemill tools mark shots --source trainedAlgorithmicMedia --model gpt-image-2 --vendor openai
  imagemill tools mark r7k2                              all that is known of a run's images
  imagemill tools mark shots --source digitalCapture --created 2026-11-22
The pixels stay as they are, byte for byte; marks go into PNG, JPEG, WebP and AVIF (XMP and IPTC). A file
that its maker has signed is left alone. What a file says of itself: imagemill tools inspect FILE.
${COMMON}`;

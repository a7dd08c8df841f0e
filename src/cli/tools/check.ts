/** `imagemill tools check SOURCE…`: what is wrong with pictures, one by one and all together. */
import type { Command } from 'commander';
import type { CheckOptions } from './run-check.ts';

const HELP = `
SOURCE is a folder with all that is below it, files, or a run by its id (its delivered files). Of a run's
out folder its contact sheet and what lies in replaced and originals is left out, unless that is named
itself. Pictures are looked at and not changed. What has not changed since the last check is not looked at again, also after
Ctrl-C or a crash: give the same command again.

Fails a picture (exit code 5): it is missing, cannot be read or does not decode whole; changed since it was
delivered; its content credentials do not hold; another size than --size; practically one colour.
Flags it (exit code 0; 5 with --strict): the same bytes as another one, or a near-duplicate of one of the
20,000 before it; far less detail than at least 20 others of its folder and model (a slight blur is not
seen); marks of origin gone; a file of no row; a name that says another format; for review by --screen.
Notes: animated, CMYK, 16 bits, turned by EXIF, ten times as large as its like.
Of a run the findings become flags of its images, in results.csv as well.

--screen has a trained model (nsfwjs, InceptionV3) look at each picture, and flags some for review as porn,
hentai or sexy, from a probability of 70 % on. It flagged 4 of 554 harmless pictures when it was tried; how
many it overlooks was not measured, so a picture that is not flagged still has to be looked at wherever
that matters. It needs a package of its own: npm install nsfwjs@4.4.0 --legacy-peer-deps

Examples:
  imagemill tools check shots
  imagemill tools check r7k2                             a run: also what is missing or was changed
  imagemill tools check shots --size 2048x2048 --report check.csv
  imagemill tools check shots --screen --json | jq .counts
Exit codes: 0 nothing fails, 5 something does, 2 bad usage, 8 trouble with a disk, 130 interrupted.
`;

/** `end` is told the exit code of the command that ran. */
export function addCheck(tools: Command, end: (code: number) => void): void {
  tools
    .command('check <source...>')
    .description('find what is broken, blank, of another size, repeated, soft, changed or missing')
    .option('--size <WxH>', 'the size that they should have')
    .option('--screen', 'flag pictures for review by a trained model, installed by you')
    .option('--report <FILE>', 'write all that was found of every picture, as .csv or .json')
    .option('--strict', 'end with 5 for what is flagged as well')
    .option('--all', 'list everything that was found, not the first few of each kind')
    .option('--json', 'print one JSON object as the last line of stdout, nothing else there')
    .option('--home <FOLDER>', 'where runs and images are kept; default: ~/.imagemill')
    .option('--config <FILE>', 'config file; default: imagemill.yaml here or in the home folder')
    .addHelpText('after', HELP)
    .action(async (sources: string[], options: CheckOptions) => {
      const { runCheck } = await import('./run-check.ts');
      end(await runCheck(sources, options));
    });
}

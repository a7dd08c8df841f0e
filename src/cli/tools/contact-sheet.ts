import type { Command } from 'commander';
import type { ContactSheetOptions } from './run-contact-sheet.ts';

const HELP = `
Writes contact-sheet.html, a page for any browser with its folder of thumbnails beside it (nothing of it
comes from a network), and contact-sheet.webp, a picture. Several sources are put side by side: images of
one prompt in a line, a column for each model. The page can be opened from the disk, out of an unpacked
ZIP, and on any web server. Of a run's out folder what lies in replaced and originals is not shown,
unless that is named itself.

Examples:
  imagemill tools contact-sheet rej8hunjm9
  imagemill tools contact-sheet rej8hunjm9 rk2m1x0aaq --out compared
  imagemill tools contact-sheet shots shots-2x --out before-after --tile 480
`;

/** `end` is told the exit code of the command that ran. */
export function addContactSheet(tools: Command, end: (code: number) => void): void {
  tools
    .command('contact-sheet <source...>')
    .description('show a run or a folder as a picture and as a page; several side by side')
    .option('--out <FOLDER>', "where to; default: the source's own folder")
    .option(
      '--tile <PIXELS>',
      'longest side of a tile, 96 to 640; default: 360, on the picture less',
    )
    .option('--max <N>', 'most images of each source, spread evenly; default: all')
    .option('--json', 'print one JSON object as the last line of stdout, nothing else there')
    .option('--home <FOLDER>', 'where runs and images are kept; default: ~/.imagemill')
    .option('--config <FILE>', 'config file; default: imagemill.yaml here or in the home folder')
    .addHelpText('after', HELP)
    .action(async (sources: string[], options: ContactSheetOptions) => {
      const { runContactSheet } = await import('./run-contact-sheet.ts');
      end(await runContactSheet(sources, options));
    });
}

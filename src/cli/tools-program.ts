/** `imagemill tools …`: what is done to pictures, of a run or of any folder. */
import type { Command } from 'commander';

/** `end` is told the exit code of the command that ran. */
export function addTools(program: Command, _end: (code: number) => void): void {
  program.command('tools').description('check, upscale, convert and mark pictures by the thousand');
}

/** `imagemill tools …`: what is done to pictures, of a run or of any folder. */
import type { Command } from 'commander';
import { addCheck } from './tools/check.ts';
import { addContactSheet } from './tools/contact-sheet.ts';
import { addJobs } from './tools/job-commands.ts';
import { addInspect } from './tools/inspect.ts';
import { addListJobs } from './tools/list-jobs.ts';

/** `end` is told the exit code of the command that ran. */
export function addTools(program: Command, end: (code: number) => void): void {
  const tools = program
    .command('tools')
    .description('check, upscale, convert and mark pictures by the thousand');
  addCheck(tools, end);
  addJobs(tools, end);
  addContactSheet(tools, end);
  addInspect(tools, end);
  addListJobs(tools, end);
}

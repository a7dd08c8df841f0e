/** The command line. Each command's code is loaded when it is called. */
import { main } from './program.ts';

process.exitCode = await main(process.argv.slice(2));

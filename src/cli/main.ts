/** The command line. Each command's code is loaded when it is called. */
import { enableCompileCache } from 'node:module';

// Compiled code is kept in the system's temporary folder: from the second call on, less than half
// of the time to start. Hence the import below it, and not above.
enableCompileCache();
const { main } = await import('./program.ts');

process.exitCode = await main(process.argv.slice(2));

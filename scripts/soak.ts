/**
 * `node scripts/soak.ts --rounds 200 --seed 1 [--minutes 60] [--json FILE] [--folder FOLDER]`: rounds of many
 * machines under random faults, each audited from outside. A line a round, a summary at the end, exit code 1
 * when a promise was broken. A round that failed keeps its folder; `--rounds 1 --seed SEED` lives it again.
 */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mortalPostgres } from '../test/cluster/mortal-postgres.ts';
import { liveRound, type LivedRound } from './soak/live-round.ts';
import { roundLine, summaryLines, Tally } from './soak/tally.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    json: { type: 'string' },
    folder: { type: 'string' },
  },
});
const rounds = whole('rounds', values.rounds);
const firstSeed = whole('seed', values.seed);
const endsAt =
  values.minutes === undefined ? Infinity : Date.now() + whole('minutes', values.minutes) * 60_000;
const folder = values.folder ?? join(tmpdir(), `imagemill-soak-${process.pid}`);
mkdirSync(folder, { recursive: true });
// The database's own user has to pass through it.
chmodSync(folder, 0o755);

// What it has started goes with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const tally = new Tally(firstSeed);
{
  await using postgres = await mortalPostgres(folder);
  for (let round = 0; round < rounds && Date.now() < endsAt; round += 1) {
    const seed = firstSeed + round;
    const place = join(folder, `round-${seed}`);
    let lived: LivedRound | undefined;
    try {
      lived = await liveRound(seed, place, postgres);
      tally.add(lived);
      console.log(roundLine(lived));
    } catch (error) {
      tally.broke(seed, error);
      console.log(`round ${seed} BROKE: ${String(error)}`);
      await postgres.start();
      postgres.proxy.flow();
    }
    if (lived?.problems.length === 0) rmSync(place, { recursive: true, force: true });
    else console.log(`  kept in ${place}; again: node scripts/soak.ts --rounds 1 --seed ${seed}`);
    if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(tally, undefined, 2));
  }
}
for (const line of summaryLines(tally)) console.log(line);
if (tally.failed.length === 0 && values.folder === undefined) {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(tally.failed.length === 0 ? 0 : 1);

function whole(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  console.error(`--${name} ${text}: this is no whole number. Write --${name} 100.`);
  process.exit(2);
}

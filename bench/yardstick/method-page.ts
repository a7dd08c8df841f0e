/** `docs/yardstick.md`: how it is measured, how to read it, every figure. */
import { basename } from 'node:path';
import { CONTENDERS } from './contenders.ts';
import { linesOf, type Results } from './results.ts';
import type { Scenario } from './scenarios.ts';
import { glance, markdownTable, tablesOf } from './tables.ts';

export function methodPage(results: Results): string {
  const { machine, firstSeed, leftOut } = results;
  const facts = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  const missing = Object.entries(leftOut).map(
    ([name, reason]) => `\n- Left out: ${name}, ${reason}.`,
  );
  return `# The yardstick

The same sheets, made by Imagemill and by what people use today, against the same simulated vendor. \`npm run
yardstick\` runs all of it in about twelve minutes and writes this page, its charts, the README's table and
[every single figure](yardstick/results.json). BullMQ needs \`redis-server\` on the machine (Debian: \`apt install
redis-server\`); everything else comes with \`npm install\`.

\`npm run yardstick -- --only imagemill,bullmq --scenario kill --seed 7\` runs a part and prints it.

## At a glance

${markdownTable(glance(results))}

Money and rows are summed over the scenarios \`faults\` and \`kill\` with all their seeds. Images a second, CPU and
memory are of the scenario \`throughput\`, whose pictures have a few kB; CPU of 1.5 MB is of \`pictures\`.

![](yardstick/time-over-bound.svg)
![](yardstick/money.svg)
![](yardstick/throughput.svg)
![](yardstick/cpu.svg)
![](yardstick/cpu-of-pictures.svg)

Measured on: ${facts.join(' · ')}. First seed ${firstSeed}.${missing.join('')}

## How it is measured

- **The vendor** is this project's simulator of OpenAI's image API, in a process of its own, over HTTP: rolling windows,
  rate headers, refusals by prompt, faults by request, and a bill. A picture is a real PNG of 1024x1024 with a few kB; in \`pictures\` it has the noise
  of a photograph and 1.5 MB, one of eight that are painted by seed before anybody asks.
  How long it takes depends on seed and prompt only, so everybody meets the same latencies in whatever order. What was asked is
  made and billed even if the client is gone by then, as with the real one.
- **The judge** is the vendor's bill and log, and the files. A picture counts if it is whole and carries the mark of
  its row's prompt. What a contender says of itself matters only for rows without a picture: its own record (a line of
  \`errors.jsonl\`, Imagemill's \`results.csv\`) has to say that they are missing.
- **A contender** is one file of user code, written as its documentation has it; the comment on top of the file says
  where. Each runs in a process of its own, from an empty folder. Time is from the start of the process to its end. CPU and
  peak memory are what the process itself notes when it ends (\`VmHWM\`); those of Redis and PostgreSQL stand apart.
- **Windows are scaled**: 20 seconds (kill: 10) instead of a minute, and latencies to fit. Ratios stay as they are, but for
  the time that a program needs to start and end, which weighs three times as much as it would with real windows.
- **Side by side**: in all scenarios but \`throughput\` and \`pictures\` the contenders run at the same time, each against a vendor of
  its own, and begin a part of the window apart, so that the crowds at the opening of their windows do not meet. In
  these two they run one after the other, with nothing beside them.
- **The bound** is arithmetic ([lower-bound.ts](../bench/yardstick/lower-bound.ts)): image number i (from 0) cannot start
  before floor(i / limit) windows, and the best order has the longest latencies first. It knows every latency
  beforehand and takes no time for anything else, so that nobody can reach it quite. Nobody here knows them, and all send in
  the order of the sheet: the bound *in the sheet’s order* is that of somebody who does so without losing a moment.
- **The kill** is SIGKILL to the contender's whole process group, when a share of the sheet between 20 % and 80 % (by
  seed) is on the bill; it is started again at once by the same command.

## Scenarios

${markdownTable(results.scenarios.map(scenarioCells))}

## Contenders

${markdownTable(
  CONTENDERS.map((contender) => ({
    name: contender.name,
    file: `[${basename(contender.file)}](../bench/yardstick/contenders/${basename(contender.file)})`,
    'lines of code': linesOf(contender),
    'keeps its own record through a kill': contender.survivesKills ? 'yes' : 'no',
  })),
)}

Lines are neither blank nor comments. Reading the sheet and the environment
([given.ts](../bench/yardstick/given.ts)) is not counted for the scripts; Imagemill does it by itself.

## Every scenario

${tablesOf(results)
  .map(({ title, rows }) => `### ${title}\n\n${markdownTable(rows)}`)
  .join('\n\n')}

## How to read it

- **Paid twice**: images on the bill beyond the first of a row.
- **Lost**: rows that were paid and have no picture at the end, while the contender's record does not say that they may have
  been paid.
- **Told as unknown**: rows that were paid and have no picture, and of which the record says just that. OpenAI's image API
  cannot be asked what became of a request, so after a cut answer or a kill somebody has to choose: pay again,
  or do without. Imagemill holds such a row and asks (\`retry --unknown\`); with \`--on-unknown retry\` it pays again by itself, which
  is the second Imagemill line of those scenarios. The others pay again without a word.
- **Unaccounted**: rows without a picture of which the record says nothing true.
- **Over the cap**: dollars on the bill above what was allowed. None of the libraries has a cap; their scripts order no
  more rows than it is enough for, which holds as long as nothing is asked for twice.

## What is unfair, and to whom

- To all but Imagemill: this project wrote the vendor, the scenarios and the scripts. The scenarios are about what
  Imagemill was made for: pace, money, kills. Who has no limits, no faults and no kills to fear is served best by
  the shortest script.
- To Imagemill: the scripts do not decode pictures, flush files, mark them, make a contact sheet or keep a ledger;
  Imagemill does, and its CPU and time include it. Nearly all pictures are so small that
  whatever a program does per image weighs most; \`pictures\` tells what is left of it with real ones. \`decode-and-write\` is what
  decoding alone costs.
- To the scripts' favour: where a limit is told, those without an option for it are given the number of requests at a
  time that fits it at the vendor's mean latency, which a person would have to find out.
- To Imagemill's favour: where no limit is told, its configuration still says how long the scaled window is (a minute, which it
  would take for granted, would be wrong here).
- To the cookbook's script: it is Python, and written for tokens; this is its procedure in TypeScript.
- To BullMQ: a killed worker's jobs count as stalled after 30 to 60 seconds by default. Its time after a kill is mostly that. It would
  survive the loss of a machine, which is not measured here.
- To pg-boss: it has no limiter, so a batch is fetched every window; a batch ends with its slowest picture.
- To whoever is measured on a busy machine: a request that leaves late arrives in a later window. Imagemill gives a
  grant up when it was stalled for longer than 1 % of the window, so that a machine with too little time for it costs it
  capacity; with real windows of a minute it has three times as long. \`load before\` says whether the machine was quiet.
- To both queues: their servers must be run and kept; here they are on the same machine, with the files and flushes of
  their usual settings.
`;
}

function scenarioCells(scenario: Scenario): Readonly<Record<string, string | number>> {
  const { name, rows, latencyMs, limit, isLimitTold, faults, refusedShare, seeds } = scenario;
  const shares = Object.entries({ ...(refusedShare && { refused: refusedShare }), ...faults });
  return {
    scenario: name,
    rows,
    'latency s': latencyMs ? latencyMs.map((each) => each / 1000).join('–') : '0',
    limit: limit
      ? `${limit.images} in ${limit.windowMs / 1000} s, ${isLimitTold ? 'told' : 'in headers and 429s'}`
      : 'none',
    faults: shares.map(([fault, share]) => `${fault} ${share * 100} %`).join(', ') || 'none',
    seeds,
  };
}

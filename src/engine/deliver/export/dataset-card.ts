/** What a data set says of itself: `dataset.json` for programs, `README.md` for people and Hugging Face. */
import { stringify } from 'yaml';
import { finishKey } from '../../core/finishing.ts';
import { isoTime } from '../../core/iso-time.ts';
import type { RunSettings } from '../../core/settings.ts';
import type { RunFacts } from '../../core/item-record.ts';
import { MANIFEST_TAIL } from '../manifest.ts';
import type { GrownFile } from './growing-file.ts';
import { type ColumnType, INDEX_COLUMNS, ITEM_FACTS } from './sample.ts';

/** The first property of every `dataset.json` of ours. */
export const DATASET_FORMAT = 'imagemill-dataset-1';
export const DATASET_FILE = 'dataset.json';
export const CARD_FILE = 'README.md';
export const INDEX_FILE = 'index.parquet';

export interface ShardFacts extends GrownFile {
  readonly file: string;
  readonly samples: number;
}

export interface DatasetFacts {
  readonly name: string;
  readonly run: RunFacts;
  readonly settings: Pick<RunSettings, 'format' | 'finish' | 'marks'>;
  /** Headings of the sheet. */
  readonly columns: readonly string[];
  readonly shards: readonly ShardFacts[];
  readonly index: GrownFile;
  /** Images by the ending of their files after the key: `png`, `thumb.webp`. */
  readonly endings: ReadonlyMap<string, number>;
  readonly samples: number;
  /** Items of the run by what became of them. */
  readonly items: Readonly<Record<string, number>>;
}

/** A manifest of the shards and the index, a line each at its end, as `manifest.json` has them. */
export function datasetJson(facts: DatasetFacts): string {
  const { run, shards, index } = facts;
  const head = {
    format: DATASET_FORMAT,
    generator: run.generator,
    run: run.runId,
    planHash: run.planHash,
    createdAt: isoTime(run.createdAt),
    name: facts.name,
    finished: finishKey(facts.settings),
    samples: facts.samples,
    images: Object.fromEntries(facts.endings),
    items: facts.items,
    sheet: facts.columns,
    index: INDEX_COLUMNS.map(({ name, type, required, about }) => ({
      name,
      type,
      nullable: required !== true,
      about,
    })),
  };
  const files = [
    ...shards.map(({ file, sha256, bytes, samples }) => ({ file, sha256, bytes, samples })),
    { file: INDEX_FILE, sha256: index.sha256, bytes: index.bytes },
  ];
  const lines = files.map((file) => `    ${JSON.stringify(file)}`).join(',\n');
  return `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "files": [\n${lines}${MANIFEST_TAIL}`;
}

/** Its head is what Hugging Face's `datasets` reads: the shards, and the type of each field. */
export function datasetCard(facts: DatasetFacts): string {
  const { name, run, samples, shards, endings } = facts;
  const images = [...endings].map(([ending, count]) => `${count} \`KEY.${ending}\``).join(', ');
  const size = `${samples} ${samples === 1 ? 'sample' : 'samples'} in ${shards.length} ${shards.length === 1 ? 'shard' : 'shards'}`;
  return `---
${stringify(cardHead(facts), { lineWidth: 0, aliasDuplicateObjects: false })}---

# ${name}

Generated images: ${size} (WebDataset), made by ${run.generator} in run ${run.runId}.

- In the shards: ${images === '' ? 'no image' : images}; beside each image \`KEY.json\` (all that is known of it) and \`KEY.txt\` (its prompt).
- \`${INDEX_FILE}\` has a row for each image: its shard, and the offset and length of its bytes in it.
- \`results.csv\` accounts for every row of the sheet, also those that were refused or failed.
- \`${DATASET_FILE}\` says what the columns mean. \`sha256sum -c SHA256SUMS\` or \`imagemill verify\` checks the files.

\`\`\`python
import datasets, webdataset
datasets.load_dataset("path/to/this/folder", streaming=True)
webdataset.WebDataset("path/to/this/folder/${shardPattern(name, shards.length)}").decode("pil")
\`\`\`

\`\`\`sql
SELECT key, prompt, shard, "offset", bytes FROM '${INDEX_FILE}' WHERE model = 'demo';
\`\`\`
`;
}

/** `NAME-{000000..000004}.tar`, as the webdataset package expands it. */
function shardPattern(name: string, shards: number): string {
  return shards < 2
    ? shardName(name, 0)
    : `${name}-{${shardNumber(0)}..${shardNumber(shards - 1)}}.tar`;
}

export function shardName(name: string, number: number): string {
  return `${name}-${shardNumber(number)}.tar`;
}

function shardNumber(number: number): string {
  return String(number).padStart(6, '0');
}

function cardHead({ name, columns, endings }: DatasetFacts) {
  const field = (named: string, type: ColumnType) => ({ name: named, dtype: DTYPES[type] });
  const file = [
    field('file', 'STRING'),
    field('sha256', 'STRING'),
    field('bytes', 'INT64'),
    field('width', 'INT32'),
    field('height', 'INT32'),
    field('format', 'STRING'),
  ];
  const json = [
    field('key', 'STRING'),
    ...file,
    ...ITEM_FACTS.map((fact) => field(fact.name, fact.type)),
    field('run', 'STRING'),
    { name: 'columns', struct: columns.map((heading) => field(heading, 'STRING')) },
    { name: 'more', list: [field('output', 'STRING'), ...file] },
  ];
  return {
    configs: [{ config_name: 'default', data_files: `${name}-*.tar` }],
    dataset_info: {
      config_name: 'default',
      features: [
        ...[...endings.keys()].map((ending) => ({ name: ending, dtype: 'image' })),
        { name: 'json', struct: json },
        field('txt', 'STRING'),
        field('__key__', 'STRING'),
        field('__url__', 'STRING'),
      ],
    },
  };
}

const DTYPES: Readonly<Record<ColumnType, string>> = {
  STRING: 'string',
  INT32: 'int32',
  INT64: 'int64',
  DOUBLE: 'float64',
};

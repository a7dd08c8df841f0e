import { join } from 'node:path';

export type ServiceName = 'redis' | 'postgres';

export interface Contender {
  readonly name: string;
  readonly title: string;
  /** The file with the code that a person would write. */
  readonly file: string;
  readonly needs?: ServiceName;
  /** What is set for it beside what all are given. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Keeps its own record of what was done, and goes on by it after a kill. */
  readonly survivesKills: boolean;
  /** Only in scenarios that name it. */
  readonly onlyWhenNamed?: true;
}

const FOLDER = join(import.meta.dirname, 'contenders');
const fileOf = (name: string) => join(FOLDER, name);

/** In the order of the tables. */
export const CONTENDERS: readonly Contender[] = [
  {
    name: 'imagemill',
    title: 'Imagemill',
    file: fileOf('imagemill.sh'),
    survivesKills: true,
  },
  {
    name: 'imagemill-retry',
    title: 'Imagemill, `--on-unknown retry`',
    file: fileOf('imagemill.sh'),
    environment: { ON_UNKNOWN: 'retry' },
    survivesKills: true,
    onlyWhenNamed: true,
  },
  {
    name: 'ai-sdk-promise-all',
    title: 'AI SDK, `Promise.all`',
    file: fileOf('ai-sdk-promise-all.ts'),
    survivesKills: false,
  },
  {
    name: 'ai-sdk-p-limit',
    title: 'AI SDK, p-limit',
    file: fileOf('ai-sdk-p-limit.ts'),
    survivesKills: false,
  },
  {
    name: 'openai-p-queue',
    title: 'openai, p-queue',
    file: fileOf('openai-p-queue.ts'),
    survivesKills: false,
  },
  {
    name: 'cookbook-token-bucket',
    title: 'Cookbook’s token bucket',
    file: fileOf('cookbook-token-bucket.ts'),
    survivesKills: false,
  },
  {
    name: 'bullmq',
    title: 'BullMQ, Redis',
    file: fileOf('bullmq.ts'),
    needs: 'redis',
    survivesKills: true,
  },
  {
    name: 'pg-boss',
    title: 'pg-boss, PostgreSQL',
    file: fileOf('pg-boss.ts'),
    needs: 'postgres',
    survivesKills: true,
  },
  {
    name: 'decode-and-write',
    title: 'decode and write alone',
    file: fileOf('decode-and-write.ts'),
    survivesKills: false,
    onlyWhenNamed: true,
  },
];

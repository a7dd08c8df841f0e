/** All migrations, in their order. */
import { levelOf, type Migration } from '../migration.ts';
import * as first from './0001-first.ts';
import * as second from './0002-bundles-and-references.ts';
import * as third from './0003-finishing-and-jobs.ts';
import * as fourth from './0004-service.ts';
import * as fifth from './0005-studio.ts';
import * as sixth from './0006-workers.ts';
import * as ninth from './0009-uploads.ts';
import * as tenth from './0010-upgrades.ts';

export const MIGRATIONS: readonly Migration[] = [
  { name: '0001-first', ...first },
  { name: '0002-bundles-and-references', ...second },
  { name: '0003-finishing-and-jobs', ...third },
  { name: '0004-service', ...fourth },
  { name: '0005-studio', ...fifth },
  { name: '0006-workers', ...sixth },
  { name: '0009-uploads', ...ninth },
  { name: '0010-upgrades', ...tenth },
];

/** Of this program. */
export const OWN_LEVEL = levelOf(MIGRATIONS.at(-1)!.name);

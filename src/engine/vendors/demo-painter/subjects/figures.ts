import type { SubjectName } from '../vocabulary.ts';
import { ANIMALS } from './animals.ts';
import type { Figure } from './figure.ts';
import { GROWING } from './growing.ts';
import { PEOPLE } from './people.ts';
import { THINGS } from './things.ts';
import { TRAVEL } from './travel.ts';

export const FIGURES: Readonly<Record<SubjectName, Figure>> = {
  ...ANIMALS,
  ...TRAVEL,
  ...PEOPLE,
  ...GROWING,
  ...THINGS,
};

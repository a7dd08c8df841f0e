import type { SceneName } from '../vocabulary.ts';
import { paintAbstract } from './abstract.ts';
import { paintCity } from './city.ts';
import { paintDesert } from './desert.ts';
import { paintForest } from './forest.ts';
import { paintLake } from './lake.ts';
import { paintMeadow } from './meadow.ts';
import { paintRoom } from './room.ts';
import type { Scene } from './scene.ts';
import { paintSea } from './sea.ts';
import { paintSnow } from './snow.ts';
import { paintSpace } from './space.ts';
import { paintStudio } from './studio.ts';
import { paintUnderwater } from './underwater.ts';

export const PAINTERS: Readonly<Record<SceneName, Scene>> = {
  lake: paintLake,
  city: paintCity,
  studio: paintStudio,
  sea: paintSea,
  space: paintSpace,
  meadow: paintMeadow,
  desert: paintDesert,
  abstract: paintAbstract,
  forest: paintForest,
  snow: paintSnow,
  room: paintRoom,
  underwater: paintUnderwater,
};

import type { Stage } from '../stage.ts';

/** Paints a whole picture, with the subjects of the stage's description in it. */
export type Scene = (stage: Stage) => void;

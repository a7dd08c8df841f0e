import { type Colour, hex } from './colour.ts';
import {
  COLOURS,
  DETAILS,
  type DetailName,
  MOODS,
  type MoodName,
  NUMBERS,
  SCENES,
  SUBJECTS,
  type SceneName,
  type SubjectName,
  TIMES,
  type TimeName,
  WEATHERS,
  type WeatherName,
} from './vocabulary.ts';

/** What to paint, as far as words decide it. */
export interface Description {
  readonly scene: SceneName;
  /** At most three, the first is the main one. */
  readonly subjects: readonly SubjectName[];
  /** Colour of the main subject, where the words give one. */
  readonly subjectColour?: Colour;
  /** Colour of the whole picture, where a colour belongs to no subject. */
  readonly tint?: Colour;
  readonly time: TimeName;
  readonly weather: WeatherName | 'clear';
  readonly mood: MoodName | 'natural';
  /** What must not be seen: named by the negative prompt, or after "no" and "without". */
  readonly omitted: ReadonlySet<SubjectName | DetailName>;
  /** Colours that the negative prompt names. */
  readonly unwantedColours: readonly Colour[];
}

/** Where a subject is at home when the words name no scene. */
const HOMES: Readonly<Record<SubjectName, readonly SceneName[]>> = {
  cat: ['meadow', 'room', 'city'],
  dog: ['meadow', 'sea', 'forest'],
  bird: ['lake', 'meadow', 'forest'],
  owl: ['forest', 'snow', 'meadow'],
  fish: ['underwater'],
  rabbit: ['meadow', 'snow', 'forest'],
  horse: ['meadow', 'lake', 'desert'],
  bear: ['forest', 'snow', 'lake'],
  person: ['lake', 'meadow', 'city', 'sea'],
  robot: ['city', 'desert', 'space', 'studio'],
  sailboat: ['sea', 'lake'],
  lighthouse: ['sea'],
  mug: ['studio', 'room'],
  teapot: ['studio', 'room'],
  bottle: ['studio', 'sea'],
  vase: ['room', 'studio'],
  apple: ['studio', 'room'],
  book: ['room', 'studio'],
  car: ['city', 'desert', 'lake'],
  tree: ['meadow', 'lake'],
  house: ['meadow', 'lake', 'snow'],
  flower: ['meadow', 'studio', 'room'],
  rocket: ['space', 'desert', 'lake'],
  balloon: ['lake', 'desert', 'meadow'],
  sphere: ['studio', 'desert'],
  cube: ['studio', 'desert'],
  pyramid: ['desert', 'studio'],
  cactus: ['desert', 'studio'],
  lamp: ['room', 'studio'],
  chair: ['room', 'studio', 'meadow'],
  mushroom: ['forest', 'meadow'],
  snowman: ['snow'],
};

/** Subjects that a scene is full of anyway: beside another subject they need no figure of their own. */
const PARTS: Partial<Record<SceneName, readonly SubjectName[]>> = {
  meadow: ['flower', 'tree'],
  forest: ['tree'],
  lake: ['tree'],
  snow: ['tree'],
};

/** Scenes that suit a prompt of which no word is known; anything can stand in the first six. */
const PLAUSIBLE: readonly SceneName[] = [
  ...(['lake', 'meadow', 'sea', 'studio', 'forest', 'desert'] as const),
  ...(['city', 'space', 'abstract', 'snow', 'room', 'underwater'] as const),
];

const MOST_SUBJECTS = 3;

const SCENE_WORDS = lexicon(SCENES);
const SUBJECT_WORDS = lexicon(SUBJECTS);
const TIME_WORDS = lexicon(TIMES);
const WEATHER_WORDS = lexicon(WEATHERS);
const MOOD_WORDS = lexicon(MOODS);
const DETAIL_WORDS = lexicon(DETAILS);

/**
 * Reads a prompt. `chance` gives numbers in [0, 1) and decides what the words leave open; the same
 * words and numbers give the same description. Never throws: unknown words make a plausible scene.
 */
export function describe(
  prompt: string,
  negativePrompt: string,
  chance: () => number,
): Description {
  const { wanted, unwanted } = splitNegations(tokens(prompt));
  const excluded = new Set([...unwanted, ...tokens(negativePrompt)]);
  const words = wanted.filter((word) => !excluded.has(word));
  const omitted = omissions(excluded);
  const found = findSubjects(words, omitted);
  const scene = chooseScene(words, found, unwantedScenes(excluded), chance);
  const subjects = found.filter((name) => found.length === 1 || !PARTS[scene]?.includes(name));
  const colours = findColours(words, subjects.length > 0);
  return {
    scene,
    subjects,
    ...colours,
    time: chooseTime(words, meanings(excluded, TIME_WORDS), scene, chance),
    weather: first(words, WEATHER_WORDS, meanings(excluded, WEATHER_WORDS)) ?? 'clear',
    mood: first(words, MOOD_WORDS, meanings(excluded, MOOD_WORDS)) ?? blackAndWhite(prompt),
    omitted,
    unwantedColours: coloursOf([...excluded]),
  };
}

function blackAndWhite(prompt: string): MoodName | 'natural' {
  return /black[ -]and[ -]white/i.test(prompt) ? 'mono' : 'natural';
}

/** Lower-case words in the singular. */
function tokens(text: string): string[] {
  return (text.toLowerCase().match(/\p{L}[\p{L}\p{N}'-]*/gu) ?? []).map(singular);
}

const IRREGULAR: Readonly<Record<string, string>> = {
  children: 'child',
  men: 'man',
  women: 'woman',
  wolves: 'wolf',
  leaves: 'leaf',
  ponies: 'pony',
  mice: 'mouse',
  geese: 'goose',
  cacti: 'cactus',
  shelves: 'shelf',
  galaxies: 'galaxy',
  cities: 'city',
  puppies: 'puppy',
  bunnies: 'bunny',
  cherries: 'cherry',
  daisies: 'daisy',
  lilies: 'lily',
  poppies: 'poppy',
  berries: 'berry',
  branches: 'branch',
  beaches: 'beach',
  boxes: 'box',
  churches: 'church',
};

function singular(word: string): string {
  const irregular = IRREGULAR[word];
  if (irregular !== undefined) return irregular;
  if (word.endsWith("'s")) return word.slice(0, -2);
  const isPlural = word.length > 3 && word.endsWith('s') && !/(ss|us|is)$/.test(word);
  return isPlural && word !== 'paris' && word !== 'mars' ? word.slice(0, -1) : word;
}

const NEGATIONS = new Set(['no', 'without', 'not', 'avoid', 'except', "don't", 'missing']);
const SMALL_WORDS = new Set(['a', 'an', 'the', 'any', 'of', 'in', 'on', 'at', 'with', 'and', 'or']);

/** "a pedestal without a horse on it": the horse is unwanted; "avoid: a, b" ends the wanted part. */
function splitNegations(words: readonly string[]): { wanted: string[]; unwanted: string[] } {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  let pending = 0;
  for (const word of words) {
    if (NEGATIONS.has(word)) pending = word === 'avoid' ? Infinity : 1;
    else if (pending > 0 && !SMALL_WORDS.has(word)) {
      unwanted.push(word);
      pending -= 1;
    } else wanted.push(word);
  }
  return { wanted, unwanted };
}

/** A word that also names a thing ("lighthouse", "star") takes away the thing, not the whole place. */
function unwantedScenes(excluded: ReadonlySet<string>): Set<SceneName> {
  const places = [...excluded].filter(
    (word) => !SUBJECT_WORDS.has(word) && !DETAIL_WORDS.has(word),
  );
  return meanings(places, SCENE_WORDS);
}

function omissions(excluded: ReadonlySet<string>): Set<SubjectName | DetailName> {
  return new Set([...meanings(excluded, SUBJECT_WORDS), ...meanings(excluded, DETAIL_WORDS)]);
}

function findSubjects(
  words: readonly string[],
  omitted: ReadonlySet<SubjectName | DetailName>,
): SubjectName[] {
  const found: SubjectName[] = [];
  words.forEach((word, place) => {
    const subject = SUBJECT_WORDS.get(word)?.find((name) => !omitted.has(name));
    if (subject === undefined || found.includes(subject)) return;
    const before = words.slice(Math.max(0, place - 3), place);
    const times = before.map((other) => NUMBERS[other] ?? 1).reduce((a, b) => Math.max(a, b), 1);
    for (let index = 0; index < times; index++) found.push(subject);
  });
  return found.slice(0, MOST_SUBJECTS);
}

function chooseScene(
  words: readonly string[],
  subjects: readonly SubjectName[],
  excluded: ReadonlySet<SceneName>,
  chance: () => number,
): SceneName {
  const votes = new Map<SceneName, number>();
  const subjectNames = new Set<string>(subjects);
  for (const word of words) {
    for (const name of SCENE_WORDS.get(word) ?? []) {
      // A word that also names a subject ("bottle") says less about the place than "beach" does.
      const weight = SUBJECT_WORDS.get(word)?.some((subject) => subjectNames.has(subject))
        ? 1
        : 2.5;
      votes.set(name, (votes.get(name) ?? 0) + weight);
    }
  }
  const home = subjects[0] === undefined ? [] : HOMES[subjects[0]];
  const draw = chance();
  const named = [...votes].filter(([name]) => !excluded.has(name)).sort((a, b) => b[1] - a[1]);
  const best = named[0];
  const homes = home.filter((name) => !excluded.has(name));
  if (best !== undefined && (best[1] > 1 || homes.length === 0)) return best[0];
  // The first home is twice as likely as each of the others.
  const usual = subjects.length > 0 ? PLAUSIBLE.slice(0, 6) : PLAUSIBLE;
  const places =
    homes.length > 0 ? [homes[0]!, ...homes] : usual.filter((name) => !excluded.has(name));
  return places[Math.floor(draw * places.length)] ?? 'abstract';
}

function chooseTime(
  words: readonly string[],
  excluded: ReadonlySet<TimeName>,
  scene: SceneName,
  chance: () => number,
): TimeName {
  const draw = chance();
  const named = first(words, TIME_WORDS, excluded);
  if (named !== undefined) return named;
  const usual: readonly TimeName[] =
    scene === 'city'
      ? ['night', 'night', 'sunset', 'dawn', 'day']
      : ['day', 'day', 'day', 'sunset', 'sunset', 'dawn', 'night'];
  const left = usual.filter((time) => !excluded.has(time));
  return left[Math.floor(draw * left.length)] ?? 'day';
}

function coloursOf(words: readonly string[]): Colour[] {
  return words.filter((word) => Object.hasOwn(COLOURS, word)).map((word) => hex(COLOURS[word]!));
}

function findColours(
  words: readonly string[],
  hasSubject: boolean,
): { subjectColour?: Colour; tint?: Colour } {
  const [main, second] = coloursOf(words);
  if (main === undefined) return {};
  if (!hasSubject) return { tint: main };
  return second === undefined ? { subjectColour: main } : { subjectColour: main, tint: second };
}

type Lexicon<Name extends string> = ReadonlyMap<string, readonly Name[]>;

function lexicon<Name extends string>(entries: Readonly<Record<Name, string>>): Lexicon<Name> {
  const found = new Map<string, Name[]>();
  for (const name of Object.keys(entries) as Name[]) {
    for (const word of entries[name].split(' '))
      found.set(word, [...(found.get(word) ?? []), name]);
  }
  return found;
}

function meanings<Name extends string>(words: Iterable<string>, known: Lexicon<Name>): Set<Name> {
  return new Set([...words].flatMap((word) => known.get(word) ?? []));
}

function first<Name extends string>(
  words: readonly string[],
  known: Lexicon<Name>,
  excluded: ReadonlySet<Name>,
): Name | undefined {
  return words.flatMap((word) => known.get(word) ?? []).find((name) => !excluded.has(name));
}

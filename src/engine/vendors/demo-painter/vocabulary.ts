/**
 * The words that the painter knows, in the singular. A word may mean a scene and a subject at once;
 * a scene's home subjects and a subject's home scene are in `words.ts`.
 */
export const SCENES = {
  lake: 'mountain lake alp alpine peak valley fjord reservoir summit canyon cliff hill landscape volcano river waterfall glacier matterhorn fuji everest scenery nature',
  city: 'city skyline town street downtown building skyscraper metropolis urban cyberpunk manhattan york tokyo paris london chicago shanghai traffic neon road avenue times sydney opera eiffel tower bridge capitol',
  studio:
    'product plinth podium pedestal studio packshot packaging commercial bottle cosmetic perfume still jar object isolated minimal minimalist logo icon sculpture statue',
  sea: 'sea ocean beach coast harbor harbour bay shore wave island lighthouse horizon seaside marina tide sail',
  space:
    'space planet galaxy nebula cosmos universe saturn jupiter mars earth orbit astronaut moon asteroid comet interstellar alien solar milky cosmic',
  meadow:
    'meadow field grass grassland garden park flower prairie pasture farm countryside lawn spring picnic yard hillside vineyard village barn',
  desert: 'desert dune sand sahara cactus pyramid camel oasis mojave arid egypt sphinx',
  abstract:
    'abstract pattern geometric shape fractal texture gradient swirl cubism cubist mosaic background wallpaper painting modern rothko kandinsky mondrian square circle triangle hope love equation poem infinity symbol map concept emotion dream',
  forest:
    'forest wood woodland jungle tree pine grove rainforest mist fog trail bush deer owl fox bear',
  snow: 'snow snowy winter ice icy frozen arctic antarctica ski snowman christmas blizzard frost penguin aurora',
  room: 'room interior kitchen bedroom house indoor sofa couch table desk library office cafe restaurant window bookshelf wall floor bed classroom museum shelf',
  underwater:
    'underwater sunken reef coral fish shark whale dolphin octopus jellyfish aquarium submarine turtle mermaid seahorse squid',
} as const;
export type SceneName = keyof typeof SCENES;

export const SUBJECTS = {
  cat: 'cat kitten kitty tabby feline tiger lion lynx cheetah panther',
  dog: 'dog puppy hound corgi dachshund retriever poodle wolf canine husky terrier shiba fox labrador beagle',
  bird: 'bird sparrow robin parrot pigeon crow raven duck chicken eagle seagull finch goose swan hen toucan hummingbird flamingo peacock',
  owl: 'owl',
  fish: 'fish shark goldfish trout salmon koi whale dolphin',
  rabbit: 'rabbit bunny hare',
  horse: 'horse pony zebra stallion unicorn deer moose cow donkey camel',
  bear: 'bear teddy panda',
  person:
    'person man woman people child boy girl kid portrait human musician king queen player artist chef teacher wizard knight samurai dancer silhouette hiker lady guy couple friend nurse doctor statue scientist monk runner skier soldier beethoven lincoln leprechaun',
  robot: 'robot android cyborg droid automaton',
  sailboat: 'boat sailboat sail yacht ship sailing regatta vessel canoe ferry',
  lighthouse: 'lighthouse beacon',
  mug: 'mug cup coffee espresso cappuccino latte tea boba mocha cocoa',
  teapot: 'teapot kettle pot',
  bottle: 'bottle perfume wine beer flask shampoo serum lotion champagne whiskey jar',
  vase: 'vase urn pottery amphora',
  apple: 'apple fruit tomato cherry pear mango',
  book: 'book novel dictionary notebook diary bible',
  car: 'car automobile sedan coupe taxi vehicle truck porsche van convertible jeep ferrari bus f1 ambulance',
  tree: 'tree oak maple bonsai',
  house: 'house cottage cabin hut home barn mansion church villa',
  flower: 'flower rose tulip daisy sunflower orchid lily poppy bouquet blossom lotus',
  rocket: 'rocket spaceship spacecraft shuttle missile starship',
  balloon: 'balloon airship zeppelin',
  sphere: 'sphere ball orb basketball globe marble bubble pearl',
  cube: 'cube box block dice crate square',
  pyramid: 'pyramid',
  cactus: 'cactus succulent saguaro',
  lamp: 'lamp lantern bulb chandelier',
  chair: 'chair armchair stool throne seat',
  mushroom: 'mushroom fungus toadstool',
  snowman: 'snowman',
} as const;
export type SubjectName = keyof typeof SUBJECTS;

export const TIMES = {
  day: 'day daytime noon afternoon sunny bright daylight summer clear',
  sunset: 'sunset dusk evening golden twilight sundown autumn fall orange',
  dawn: 'dawn sunrise morning daybreak misty',
  night:
    'night midnight moonlit moonlight starry dark nocturnal star evening noir cyberpunk aurora firework',
} as const;
export type TimeName = keyof typeof TIMES;

export const WEATHERS = {
  fog: 'fog foggy mist misty haze hazy smoke',
  rain: 'rain rainy storm stormy wet thunderstorm umbrella',
  snow: 'snow snowy snowing snowfall blizzard winter',
} as const;
export type WeatherName = keyof typeof WEATHERS;

export const MOODS = {
  pastel: 'pastel soft gentle delicate cute kawaii dreamy watercolor watercolour tender',
  neon: 'neon cyberpunk synthwave vaporwave electric glowing futuristic',
  vivid: 'vivid vibrant colorful colourful saturated bright psychedelic pop cartoon rainbow',
  mono: 'monochrome grayscale greyscale sketch charcoal pencil noir etching engraving ink daguerreotype',
  sepia: 'sepia vintage antique retro old-fashioned daguerreotype ancient',
  dark: 'dark moody gloomy gothic dramatic scary spooky horror',
} as const;
export type MoodName = keyof typeof MOODS;

/** Parts of scenes that a negative prompt can take away, besides the subjects. */
export const DETAILS = {
  clouds: 'cloud cloudy overcast',
  sun: 'sun sunlight sunshine',
  moon: 'moon',
  stars: 'star starry',
  birds: 'bird seagull flock',
  trees: 'tree pine foliage plant leaf vegetation',
  flowers: 'flower blossom petal',
  rings: 'ring',
  water: 'water reflection',
  arch: 'arch',
} as const;
export type DetailName = keyof typeof DETAILS;

/** Colours by name; a name's first spelling is the one that others point to. */
export const COLOURS: Readonly<Record<string, string>> = {
  red: 'd63a35',
  crimson: 'b3203a',
  orange: 'ee8130',
  amber: 'f0a63a',
  gold: 'd9a93f',
  golden: 'd9a93f',
  yellow: 'f4cc3e',
  lime: '9ccb3b',
  green: '4f9f63',
  emerald: '2f8f6b',
  mint: '9fd8bd',
  olive: '8a8b45',
  teal: '2f9c9c',
  turquoise: '3fbfbf',
  cyan: '42c4dc',
  blue: '3f74d1',
  azure: '4a9be8',
  navy: '27396f',
  indigo: '4b48a8',
  purple: '8a55c4',
  violet: '8d63d8',
  lavender: 'b8a3e0',
  magenta: 'd13f9c',
  pink: 'ee87ab',
  salmon: 'f2957f',
  peach: 'f6bd97',
  brown: '8a5c3d',
  wooden: '9c6b43',
  beige: 'd9c4a3',
  cream: 'f2e6cd',
  tan: 'c9a477',
  white: 'f1efea',
  silver: 'b9c0c9',
  metal: 'a5aeb8',
  gray: '8b9097',
  grey: '8b9097',
  black: '2b2d35',
};

export const NUMBERS: Readonly<Record<string, number>> = {
  two: 2,
  couple: 2,
  pair: 2,
  three: 3,
  several: 3,
  four: 3,
  five: 3,
  many: 3,
};

/** A sheet to try the studio with: different subjects, sizes and lengths, with a style here and there. */
export const SAMPLE_ROWS: readonly (readonly [prompt: string, name: string])[] = [
  ['a lighthouse in a storm at dusk, oil painting, thick brush strokes', 'lighthouse'],
  ['a bowl of ramen seen from above, steam, studio light, food photography', 'ramen'],
  ['a red fox asleep in autumn leaves, soft morning light, telephoto', 'fox'],
  ['isometric cutaway of a tiny bakery, warm colours, game art', 'bakery'],
  ['running shoe floating over a pale blue background, product shot, soft shadow', 'shoe'],
  ['map of an island kingdom with mountains and a river, ink and watercolour', 'map'],
  ['portrait of an elderly clockmaker at his bench, window light', 'clockmaker'],
  ['seamless pattern of lemons and leaves, flat illustration', 'lemons'],
  ['a train crossing a viaduct in the mist, mountains behind, wide view', 'viaduct'],
  ['pixel art potion bottles, six colours, transparent glass', 'potions'],
  ['a reading corner with a green armchair, plants, afternoon sun, interior design', 'corner'],
  ['paper-cut city skyline at night with a large moon', 'skyline'],
];

/** With a column for what a sheet can say, most of them empty. */
export function exampleCsv(): string {
  const lines = SAMPLE_ROWS.map(([prompt, name], at) =>
    [
      quoted(prompt),
      name,
      at === 8 ? '1536x1024' : '',
      at === 0 ? '2' : '',
      at === 2 ? 'text' : '',
    ].join(','),
  );
  return ['prompt,name,size,count,negative_prompt', ...lines, ''].join('\n');
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

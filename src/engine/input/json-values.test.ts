import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrayElements } from './json-values.ts';

async function* inPieces(text: string, size: number) {
  for (let at = 0; at < text.length; at += size)
    yield await Promise.resolve(text.slice(at, at + size));
}

test('arrayElements() gives what JSON.parse gives, however the text is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(undefined, 1, '\t'),
      async (values, size, indent) => {
        const found: unknown[] = [];
        const text = JSON.stringify(values, null, indent);
        for await (const element of arrayElements('a.json', inPieces(text, size))) {
          found.push(JSON.parse(element.text));
          expect(text.split('\n')[element.line - 1]).toBeDefined();
        }
        expect(found).toEqual(JSON.parse(text));
      },
    ),
  );
});

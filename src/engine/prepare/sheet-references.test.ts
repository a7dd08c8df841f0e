import { describe, expect, test } from 'vitest';
import type { ReferenceFinding } from '../core/reference.ts';
import type { SheetRow } from '../input/sheet.ts';
import { SheetReferences } from './sheet-references.ts';

function line(number: number, references: readonly string[]): SheetRow {
  return {
    kind: 'row',
    row: { number, line: number + 1, prompt: 'a cat', references, cells: {} },
  };
}

async function* stream(lines: readonly SheetRow[]) {
  yield* lines;
}

/** Looks references up one after the other, the last asked first, so that nothing hangs on the order. */
function lookUps() {
  const asked: string[] = [];
  const find = async (reference: string): Promise<ReferenceFinding> => {
    asked.push(reference);
    for (let turn = 0; turn < 100 - asked.length; turn += 1) await Promise.resolve();
    return { kind: 'problem', message: reference, remedy: '' };
  };
  return { asked, references: new SheetReferences(find) };
}

describe('SheetReferences', () => {
  test('has looked at all references of a line when it gives the line, in the sheet’s order', async () => {
    const { references } = lookUps();
    const lines = [line(1, ['a', 'b']), line(2, []), line(3, ['c', 'a'])];
    const numbers: number[] = [];
    for await (const each of references.ahead(stream(lines))) {
      if (each.kind !== 'row') continue;
      numbers.push(each.row.number);
      for (const reference of each.row.references) {
        expect(references.factsOf(reference)).toMatchObject({ message: reference });
      }
    }
    expect(numbers).toEqual([1, 2, 3]);
  });

  test('looks at each reference once, however many rows name it', async () => {
    const { asked, references } = lookUps();
    const lines = Array.from({ length: 10_000 }, (_, place) =>
      line(place + 1, ['hero', `style-${place % 3}`]),
    );
    let rows = 0;
    for await (const _ of references.ahead(stream(lines))) rows += 1;
    expect(rows).toBe(10_000);
    expect(asked).toEqual(['hero', 'style-0', 'style-1', 'style-2']);
  });

  test('looks ahead while earlier lines are planned, and not further than it must', async () => {
    const { asked, references } = lookUps();
    const lines = Array.from({ length: 1_000 }, (_, place) => line(place + 1, [`p${place}`]));
    for await (const _ of references.ahead(stream(lines))) break;
    expect(asked.length).toBeGreaterThan(30);
    expect(asked.length).toBeLessThan(100);
  });

  test('lets a fault of the disk through instead of calling it a problem of the row', async () => {
    const references = new SheetReferences(() => Promise.reject(new Error('disk full')));
    const reading = async () => {
      for await (const _ of references.ahead(stream([line(1, ['a'])]))) continue;
    };
    await expect(reading()).rejects.toThrow('disk full');
  });
});

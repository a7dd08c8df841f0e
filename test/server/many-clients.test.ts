import { expect, test } from 'vitest';
import { audit } from '../../simulators/audit.ts';
import { liveServer } from '../support/live-server.ts';

const CLIENTS = 1_000;
const WORKSPACES = 10;
/** Credits of one image of FLUX Kontext. */
const PRICE = 1.9;
const SLOTS = 24;
/** Images that the balance of each workspace pays for; of two of them less than the hour lets through. */
const PAYS_FOR = [20, 25, 30, 35, 40, 45, 50, 55, 100, 100];
/** Images in any hour; undefined: no ceiling. */
const CEILING = [...Array.from({ length: 8 }, () => undefined), 12, 17];

test(
  'a thousand clients on one server keep every limit, and the ledger is exact',
  { timeout: 300_000 },
  async () => {
    const server = await liveServer({
      vendors: {
        latencyMs: [5, 60],
        refusals: { pattern: 'forbidden', stage: 'input' },
        limits: { slots: SLOTS },
      },
      settings: { longestWaitMs: 30_000, requestsPerMinute: 1_000_000 },
    });
    const { engine } = server;
    const keys: string[] = [];
    for (const [place, images] of PAYS_FOR.entries()) {
      const id = `agency-${place}`;
      await engine.service.workspaces.create({ id, name: id, ...ceilingOf(place) });
      await engine.service.credits.enter({
        workspace: id,
        kind: 'grant',
        creditMicros: Math.round(images * PRICE * 1e6),
        reason: 'test',
      });
      keys.push(await server.issueKey({ workspace: id }));
    }
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, async (_, client) => {
        const place = client % WORKSPACES;
        // Every tenth is refused: it is paid by nobody.
        const prompt =
          client % 100 < WORKSPACES ? `forbidden ${client}` : `a boat, number ${client}`;
        const answer = await server.call('POST', '/openai/v1/images/generations', {
          key: keys[place]!,
          body: { model: 'flux-kontext-pro', prompt, size: '1024x1024' },
        });
        const body = (await answer.json()) as Body;
        return {
          place,
          status: answer.status,
          code: body.error?.code,
          images: body.data?.length ?? 0,
        };
      }),
    );

    const codes = new Set(answers.map(({ status, code }) => `${status} ${code ?? ''}`.trim()));
    expect([...codes].toSorted()).toEqual([
      '200',
      '400 moderation_blocked',
      '429 insufficient_quota',
      '504 wait_timeout',
    ]);
    const { bill, log } = server.simulation.bfl;
    const delivered = answers.reduce((sum, { images }) => sum + images, 0);
    const gaveUp = answers.filter(({ code }) => code === 'wait_timeout').length;
    // What a client did not wait for is made all the same, and is charged like all else.
    let posted = 0;
    for (const [place, images] of PAYS_FOR.entries()) {
      const own = answers.filter((each) => each.place === place);
      const refused = own.filter(({ code }) => code === 'moderation_blocked').length;
      // What a vendor refuses counts in the hour all the same.
      const made = Math.min(images, (CEILING[place] ?? Infinity) - refused);
      posted += made;
      await expect
        .poll(() => engine.service.workspaces.find(`agency-${place}`), { timeout: 60_000 })
        .toMatchObject({
          availableCreditMicros: Math.round((images - made) * PRICE * 1e6),
          heldCreditMicros: 0,
          postedCreditMicros: Math.round(made * PRICE * 1e6),
        });
    }
    expect(bill.images).toBe(posted);
    expect(posted - delivered).toBeLessThanOrEqual(gaveUp);
    const seen = audit(log, { windowMs: 60_000, max: CLIENTS });
    expect(seen.peakSlots).toBeLessThanOrEqual(SLOTS);
    expect(seen.refused).toBe(0);
  },
);

interface Body {
  readonly data?: readonly unknown[];
  readonly error?: { readonly code?: string };
}

function ceilingOf(place: number): { imagesPerHour?: number } {
  const imagesPerHour = CEILING[place];
  return imagesPerHour === undefined ? {} : { imagesPerHour };
}

import { z } from 'zod';
import { behaviourChangeSchema, changeBehaviour } from './behaviour.ts';
import type { VendorApp, VendorState } from './simulator.ts';

/**
 * What tests and users in other processes may ask and tell a simulator. None of the vendors has
 * anything under this path.
 */
export function addControl(app: VendorApp, state: VendorState): void {
  app.get('/_simulator/bill', (context) => context.json(state.bill.toJSON()));
  app.get('/_simulator/log', (context) => context.json(state.log.toJSON()));
  app.get('/_simulator/options', (context) => context.json(state.behaviour));
  app.post('/_simulator/options', async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined);
    const change = behaviourChangeSchema.safeParse(body);
    if (!change.success) return context.json({ problems: 'Send a JSON object.' }, 400);
    try {
      state.behaviour = changeBehaviour(state.behaviour, change.data);
    } catch (error) {
      if (error instanceof z.ZodError) return context.json({ problems: error.issues }, 400);
      throw error;
    }
    return context.json(state.behaviour);
  });
}

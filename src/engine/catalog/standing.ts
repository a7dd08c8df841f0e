import type { Standing } from '../core/catalog.ts';
import type { Model } from '../core/model.ts';

/** Whether a model may still be used: a deprecated one with a warning, a retired one not at all. */
export function standingOf(model: Model): Standing {
  const { lifecycle } = model;
  switch (lifecycle.state) {
    case 'active':
      return { kind: 'usable' };
    case 'deprecated':
      return {
        kind: 'warning',
        message: `${model.title} (${model.id}) is deprecated since ${lifecycle.since} and may stop at any time: its replacement is ${lifecycle.replacement}`,
      };
    case 'retired':
      return {
        kind: 'problem',
        message: `${model.title} (${model.id}) is retired since ${lifecycle.since}`,
        remedy: `Use ${lifecycle.replacement} instead.`,
      };
    default:
      return lifecycle satisfies never;
  }
}

import { Figure } from '../parts/section.tsx';
import { COMPARED } from './compared.ts';
import type { Model } from './find-models.ts';
import { tiersText } from './model-words.ts';
import { SourceText } from './price-table.tsx';

/** All else that is known of a model. */
export function ModelFacts({ of: model }: { readonly of: Model }) {
  const tiers = tiersText(model);
  return (
    <dl className="grid gap-3 sm:grid-cols-2">
      {COMPARED.filter(({ isOfPrice }) => !isOfPrice).map(({ name, words }) => (
        <Figure key={name} name={name}>
          {words(model)}
        </Figure>
      ))}
      {tiers && <Figure name="Figures by the vendor's tier">{tiers}</Figure>}
      <Figure name="Source">
        <SourceText text={model.source} />
      </Figure>
    </dl>
  );
}

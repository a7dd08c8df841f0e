/** How an image was asked for, and what came of it. */
import type { ReactNode } from 'react';
import { Chip } from '@heroui/react';
import { flagText, type Flag } from '../../../../../src/engine/core/flag.ts';
import { creditsText, usdText } from '../../../parts/credits.tsx';
import { ReferenceCompare } from '../../../parts/reference-compare.tsx';
import type { ItemDetail } from '../../../queries/items.ts';
import { STATE_WORDS } from '../../../parts/item-words.ts';
import { Fact, Facts } from './facts.tsx';

export function ItemFacts({ item, run }: { readonly item: ItemDetail; readonly run: string }) {
  const isChanged = item.given_prompt !== item.prompt;
  const cells = Object.entries(item.cells).filter(([name]) => name !== 'prompt');
  return (
    <>
      <Words title={isChanged ? 'Prompt as it was sent' : 'Prompt'}>{item.prompt}</Words>
      {isChanged && <Words title="Prompt as it was given">{item.given_prompt}</Words>}
      {item.negative_prompt !== null && <Words title="Not wanted">{item.negative_prompt}</Words>}
      {item.flags.length > 0 && (
        <ul aria-label="Flags" className="flex flex-wrap gap-1.5">
          {item.flags.map((flag) => (
            <li key={JSON.stringify(flag)}>
              <Chip size="sm" variant="soft" color="warning">
                {flagText(flag as Flag)}
              </Chip>
            </li>
          ))}
        </ul>
      )}
      <Facts>
        <Fact name="State">{STATE_WORDS[item.state]}</Fact>
        <Fact name="Model">{item.model}</Fact>
        <Fact name="Asked for">
          {item.size}, {item.quality}
        </Fact>
        {item.width !== null && (
          <Fact name="Picture">
            {item.width}×{item.height} {item.format}, {kilobytes(item.bytes)}
          </Fact>
        )}
        {item.seed !== null && <Fact name="Seed">{item.seed}</Fact>}
        <Fact name="Cost">
          {creditsText(item.credits)}
          {item.usd !== null && ` · ${usdText(item.usd)}`}
        </Fact>
        {item.file !== null && <Fact name="File">{item.file}</Fact>}
        {item.more_files.map(({ output, file }) => (
          <Fact key={output} name={`File ${output}`}>
            {file}
          </Fact>
        ))}
        {item.finish_failure !== null && <Fact name="Not finished">{item.finish_failure}</Fact>}
        {cells.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value === '' ? '–' : value}
          </Fact>
        ))}
        <Fact name="Item">
          <a className="text-link underline" href={`/v1/runs/${run}/items/${item.item}`}>
            {item.item}
          </a>
        </Fact>
      </Facts>
      <References item={item} run={run} />
    </>
  );
}

function Words({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h3 className="text-xs font-medium text-muted">{title}</h3>
      <p className="mt-0.5 text-sm break-words whitespace-pre-wrap">{children}</p>
    </section>
  );
}

function References({ item, run }: { readonly item: ItemDetail; readonly run: string }) {
  if (item.references.length === 0) return null;
  return (
    <section>
      <h3 className="text-xs font-medium text-muted">References</h3>
      <ul className="mt-1 text-sm">
        {item.references.map((reference) => {
          const change = item.reference_changes.find((each) => each.reference === reference);
          return (
            <li key={reference} className="break-words">
              {reference}
              {change && (
                <span className="text-muted">
                  {' '}
                  {change.steps.join(', ')}: {change.from.width}×{change.from.height} →{' '}
                  {change.to.width}×{change.to.height}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {item.sha256 !== null && <ReferenceCompare run={run} item={item} className="mt-3" />}
    </section>
  );
}

function kilobytes(bytes: number | null): string {
  return `${Math.round((bytes ?? 0) / 1024).toLocaleString('en-US')} kB`;
}

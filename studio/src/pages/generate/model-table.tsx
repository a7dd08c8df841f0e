/** Models side by side: price, speed, sizes, limits, and what they take. Chosen by their boxes. */
import { Checkbox, Chip, Table } from '@heroui/react';
import type { Selection } from 'react-aria-components';
import { creditsText, usdText } from '../../parts/credits.tsx';
import type { Model } from '../../queries/plan.ts';
import {
  largestText,
  limitsText,
  NEGATIVE_TEXTS,
  type Quality,
  speedText,
  whyNot,
} from './model-facts.ts';

const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

interface ModelTableProps {
  readonly models: readonly Model[];
  readonly quality: Quality;
  readonly chosen: readonly string[];
  readonly onChosen: (models: readonly string[]) => void;
}

export function ModelTable({ models, quality, chosen, onChosen }: ModelTableProps) {
  const select = (selection: Selection) => {
    const keys =
      selection === 'all' ? models.map(({ model }) => model) : [...selection].map(String);
    // Turns are taken in the order in which they were chosen.
    const kept = chosen.filter((model) => keys.includes(model));
    onChosen([...kept, ...keys.filter((model) => !kept.includes(model))]);
  };
  return (
    <Table variant="secondary">
      <Table.ScrollContainer>
        <Table.Content
          aria-label="Models"
          selectionMode="multiple"
          selectedKeys={chosen}
          onSelectionChange={select}
          disabledKeys={models.filter((each) => whyNot(each)).map(({ model }) => model)}
          className="text-sm [&_td]:py-1.5 [&_td]:align-middle [&_th]:whitespace-nowrap"
        >
          <Table.Header>
            <Table.Column className="w-10">
              <span className="sr-only">Chosen</span>
            </Table.Column>
            <Table.Column isRowHeader>Model</Table.Column>
            <Table.Column>An image</Table.Column>
            <Table.Column>Speed</Table.Column>
            <Table.Column>Up to</Table.Column>
            <Table.Column>Batch</Table.Column>
            <Table.Column>References</Table.Column>
            <Table.Column>Negative prompt</Table.Column>
            <Table.Column>Limits</Table.Column>
          </Table.Header>
          <Table.Body>{models.map((model) => modelRow(model, quality))}</Table.Body>
        </Table.Content>
      </Table.ScrollContainer>
    </Table>
  );
}

function modelRow(model: Model, quality: Quality) {
  const why = whyNot(model);
  const { credits, usd, batch_credits: batchCredits, references } = model;
  return (
    <Table.Row key={model.model} id={model.model} textValue={model.title}>
      <Table.Cell>
        <Checkbox aria-label={`Choose ${model.title}`} slot="selection" variant="secondary">
          <Checkbox.Content>
            <Checkbox.Control>
              <Checkbox.Indicator />
            </Checkbox.Control>
          </Checkbox.Content>
        </Checkbox>
      </Table.Cell>
      <Table.Cell className="min-w-48">
        <span className="font-medium">{model.title}</span>{' '}
        {model.lifecycle.state !== 'active' && (
          <Chip size="sm" variant="soft" color="warning">
            {model.lifecycle.state}
          </Chip>
        )}
        <span className="block max-w-64 text-xs text-muted">{why ?? model.vendor}</span>
      </Table.Cell>
      <Table.Cell className="whitespace-nowrap tabular-nums">
        {credits === null ? '–' : credits === 0 ? 'free' : creditsText(credits)}
        {credits !== null && credits > 0 && (
          <span className="block text-xs text-muted">
            {usdText(usd)}
            {batchCredits !== null && `, half price ${NUMBER.format(batchCredits)}`}
          </span>
        )}
      </Table.Cell>
      <Table.Cell className="whitespace-nowrap tabular-nums">
        {speedText(model, quality)}
      </Table.Cell>
      <Table.Cell className="whitespace-nowrap tabular-nums">{largestText(model)}</Table.Cell>
      <Table.Cell className="tabular-nums">{model.batch_maximum}</Table.Cell>
      <Table.Cell className="tabular-nums">
        {references.count === 0 ? 'none' : references.count}
      </Table.Cell>
      <Table.Cell>{NEGATIVE_TEXTS[model.negative_prompt]}</Table.Cell>
      <Table.Cell className="min-w-36">{limitsText(model)}</Table.Cell>
    </Table.Row>
  );
}

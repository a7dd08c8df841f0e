/** Images by their model, state, flags, the client's mark and the words of their prompt. */
import { Button, Label, ListBox, Popover, SearchField, Select } from '@heroui/react';
import { ListFilter } from 'lucide-react';
import { FLAG_KINDS } from '../../../../src/engine/core/flag.ts';
import { ANY_FLAG } from './filter-tiles.ts';
import { ShowChoice } from './show-choice.tsx';
import type { Review } from './use-review.ts';

const FLAGS = [
  { id: ANY_FLAG, text: 'Any flag' },
  ...FLAG_KINDS.map((kind) => ({ id: kind, text: kind.replaceAll('-', ' ') })),
];
const STATES = [
  { id: 'delivered', text: 'Delivered' },
  { id: 'failed', text: 'Failed, but kept' },
];
const MARKS = [
  { id: 'approve', text: 'Approved' },
  { id: 'reject', text: 'Rejected' },
  { id: 'none', text: 'Not marked' },
];

export function FilterPopover({ review }: { readonly review: Review }) {
  const { filter, setFilter, search, setSearch, models, shown } = review;
  const { show, ...others } = filter;
  const active =
    Object.values(others).filter((each) => each !== undefined).length + (search === '' ? 0 : 1);
  const clear = () => {
    setSearch('');
    setFilter({ show });
  };
  return (
    <Popover>
      <Button
        variant={active > 0 ? 'secondary' : 'ghost'}
        size="sm"
        aria-label={active > 0 ? `Filters: ${active}` : 'Filters'}
      >
        <ListFilter aria-hidden className="size-4" />
        {active > 0 && <span className="tabular-nums">{active}</span>}
      </Button>
      <Popover.Content placement="bottom end" className="w-72">
        <Popover.Dialog aria-label="Filters" className="flex flex-col gap-4">
          <ShowChoice review={review} className="sm:hidden" />
          <SearchField value={search} onChange={setSearch} fullWidth>
            <Label>Words in the prompt</Label>
            <SearchField.Group>
              <SearchField.SearchIcon />
              <SearchField.Input placeholder="boat" />
              <SearchField.ClearButton />
            </SearchField.Group>
          </SearchField>
          {models.length > 1 && (
            <Choice
              label="Model"
              value={filter.model}
              choices={models.map((id) => ({ id, text: id }))}
              onChange={(model) => setFilter({ ...filter, model })}
            />
          )}
          <Choice
            label="Flags"
            value={filter.flag}
            choices={FLAGS}
            onChange={(flag) => setFilter({ ...filter, flag })}
          />
          <Choice
            label="State"
            value={filter.state}
            choices={STATES}
            onChange={(state) => setFilter({ ...filter, state })}
          />
          <Choice
            label="The client's mark"
            value={filter.mark}
            choices={MARKS}
            onChange={(mark) => setFilter({ ...filter, mark })}
          />
          <div className="flex items-center justify-between">
            <p role="status" className="text-xs text-muted tabular-nums">
              {shown.length === 1 ? '1 image' : `${shown.length} images`}
            </p>
            <Button size="sm" variant="ghost" isDisabled={active === 0} onPress={clear}>
              Clear filters
            </Button>
          </div>
        </Popover.Dialog>
      </Popover.Content>
    </Popover>
  );
}

const ALL = 'all';

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly choices: readonly { readonly id: string; readonly text: string }[];
  readonly onChange: (value: string | undefined) => void;
}

function Choice({ label, value, choices, onChange }: ChoiceProps) {
  return (
    <Select
      value={value ?? ALL}
      onChange={(key) => onChange(key === null || key === ALL ? undefined : String(key))}
      fullWidth
    >
      <Label>{label}</Label>
      <Select.Trigger>
        <Select.Value />
        <Select.Indicator />
      </Select.Trigger>
      <Select.Popover>
        <ListBox>
          {[{ id: ALL, text: 'All' }, ...choices].map(({ id, text }) => (
            <ListBox.Item key={id} id={id} textValue={text}>
              {text}
              <ListBox.ItemIndicator />
            </ListBox.Item>
          ))}
        </ListBox>
      </Select.Popover>
    </Select>
  );
}

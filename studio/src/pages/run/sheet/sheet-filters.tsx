/** What of a run is shown, and how large. */
import {
  ListBox,
  SearchField,
  Select,
  Slider,
  ToggleButton,
  ToggleButtonGroup,
} from '@heroui/react';
import { LayoutGrid, Rows3 } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { FLAG_KINDS } from '../../../../../src/engine/core/flag.ts';
import { ITEM_STATES } from '../../../../../src/engine/core/outcome.ts';
import { REVIEW_FILTERS } from '../../../../../src/engine/core/review.ts';
import { FLAG_WORDS, STATE_WORDS } from '../../../parts/item-words.ts';
import { useRunSearch } from '../run-search.ts';

export const SIZES = { least: 72, most: 320, usual: 152 } as const;

interface SheetFiltersProps {
  readonly models: readonly string[];
  readonly size: number;
  readonly onSize: (size: number) => void;
  /** How many are shown. */
  readonly children: ReactNode;
}

export function SheetFilters({ models, size, onSize, children }: SheetFiltersProps) {
  const [search, change] = useRunSearch();
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <PromptSearch value={search.search ?? ''} onChange={(text) => change({ search: text })} />
      <Choice
        label="State"
        value={search.state}
        choices={ITEM_STATES.map((id) => [id, STATE_WORDS[id]])}
        onChange={(state) => change({ state })}
      />
      {models.length > 1 && (
        <Choice
          label="Model"
          value={search.model}
          choices={models.map((id) => [id, id])}
          onChange={(model) => change({ model })}
        />
      )}
      <Choice
        label="Flag"
        value={search.flag}
        choices={FLAG_KINDS.map((id) => [id, FLAG_WORDS[id]])}
        onChange={(flag) => change({ flag })}
      />
      <Choice
        label="Review"
        value={search.review}
        choices={REVIEW_FILTERS.map((id) => [id, id])}
        onChange={(review) => change({ review })}
      />
      <span className="text-sm text-muted tabular-nums" role="status">
        {children}
      </span>
      <div className="ml-auto flex items-center gap-3">
        <Slider
          aria-label="Size of the pictures"
          className="hidden w-28 sm:block"
          minValue={SIZES.least}
          maxValue={SIZES.most}
          step={8}
          value={size}
          onChange={(value) => onSize(Number(value))}
        >
          <Slider.Track>
            <Slider.Fill />
            <Slider.Thumb />
          </Slider.Track>
        </Slider>
        <ToggleButtonGroup
          aria-label="Layout"
          size="sm"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[search.view ?? 'gallery']}
          onSelectionChange={(keys) => change({ view: keys.has('rows') ? 'rows' : undefined })}
        >
          <ToggleButton id="gallery" isIconOnly aria-label="Gallery">
            <LayoutGrid aria-hidden className="size-4" />
          </ToggleButton>
          <ToggleButton id="rows" isIconOnly aria-label="Rows with their prompts">
            <Rows3 aria-hidden className="size-4" />
          </ToggleButton>
        </ToggleButtonGroup>
      </div>
    </div>
  );
}

const ASK_AFTER_MS = 250;

function PromptSearch({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (text: string | undefined) => void;
}) {
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text === '' ? undefined : text), ASK_AFTER_MS);
    return () => clearTimeout(timer);
  });
  return (
    <SearchField
      aria-label="Search in prompts"
      value={text}
      onChange={setText}
      className="w-full sm:w-56"
    >
      <SearchField.Group>
        <SearchField.SearchIcon />
        <SearchField.Input placeholder="Search in prompts" maxLength={200} />
        <SearchField.ClearButton />
      </SearchField.Group>
    </SearchField>
  );
}

const ALL = 'all';

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly choices: readonly (readonly [id: string, words: string])[];
  readonly onChange: (value: string | undefined) => void;
}

function Choice({ label, value, choices, onChange }: ChoiceProps) {
  const words = choices.find(([id]) => id === value)?.[1] ?? value;
  return (
    <Select
      aria-label={label}
      value={value ?? ALL}
      onChange={(key) => onChange(key === ALL || key === null ? undefined : String(key))}
    >
      <Select.Trigger className={value === undefined ? 'text-muted' : 'border-accent'}>
        <Select.Value>{() => (value === undefined ? label : `${label}: ${words}`)}</Select.Value>
        <Select.Indicator />
      </Select.Trigger>
      <Select.Popover>
        <ListBox>
          <ListBox.Item id={ALL} textValue="All">
            All
            <ListBox.ItemIndicator />
          </ListBox.Item>
          {choices.map(([id, text]) => (
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

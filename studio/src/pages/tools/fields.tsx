/** Fields of the tools that no other page has; the plain ones are the generator's. */
import {
  Description,
  Label,
  Radio,
  RadioGroup,
  ToggleButton,
  ToggleButtonGroup,
} from '@heroui/react';

export { ChoiceField, CountField, WordsField } from '../generate/fields.tsx';

export interface Option<Id extends string> {
  readonly id: Id;
  readonly title: string;
  readonly about?: string;
}

interface OneOfProps<Id extends string> {
  readonly label: string;
  readonly value: Id;
  readonly options: readonly Option<Id>[];
  readonly onChange: (id: Id) => void;
}

/** A few short words side by side. */
export function OneOf<Id extends string>({ label, value, options, onChange }: OneOfProps<Id>) {
  return (
    <div className="flex flex-col gap-1.5">
      <Label elementType="span">{label}</Label>
      <ToggleButtonGroup
        aria-label={label}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[value]}
        onSelectionChange={(keys) => {
          const found = options.find(({ id }) => keys.has(id));
          if (found !== undefined) onChange(found.id);
        }}
        size="sm"
      >
        {options.map(({ id, title }) => (
          <ToggleButton key={id} id={id}>
            {title}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  );
}

/** A few that need a line each. */
export function OneOfExplained<Id extends string>({
  label,
  value,
  options,
  onChange,
}: OneOfProps<Id>) {
  return (
    <RadioGroup value={value} onChange={(id) => onChange(id as Id)}>
      <Label>{label}</Label>
      {options.map(({ id, title, about }) => (
        <Radio key={id} value={id}>
          <Radio.Content>
            <Radio.Control>
              <Radio.Indicator />
            </Radio.Control>
            {title}
          </Radio.Content>
          {about !== undefined && <Description>{about}</Description>}
        </Radio>
      ))}
    </RadioGroup>
  );
}

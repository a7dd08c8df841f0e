/** Fields of the tools that no other page has. */
import {
  Description,
  Label,
  NumberField,
  Radio,
  RadioGroup,
  ToggleButton,
  ToggleButtonGroup,
} from '@heroui/react';

export interface Option<Id extends string> {
  readonly id: Id;
  readonly title: string;
  readonly about?: string;
}

interface PixelsFieldProps {
  readonly label: string;
  /** Undefined: it follows the other side. */
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}

/** A side in pixels: nobody steps through them one by one. */
export function PixelsField({ label, value, onChange }: PixelsFieldProps) {
  return (
    <NumberField
      value={value ?? Number.NaN}
      onChange={(next) => onChange(Number.isNaN(next) ? undefined : next)}
      minValue={1}
      maxValue={16_384}
      formatOptions={{ maximumFractionDigits: 0, useGrouping: false }}
      className="min-w-0"
      fullWidth
    >
      <Label>{label}</Label>
      <NumberField.Group className="flex">
        <NumberField.Input placeholder="any" className="w-full min-w-0" />
      </NumberField.Group>
    </NumberField>
  );
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

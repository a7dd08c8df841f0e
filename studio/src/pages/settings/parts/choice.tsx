/** One of a few: a label, a button with what is chosen, and a list. */
import { Description, FieldError, Label, ListBox, Select } from '@heroui/react';

export interface Option {
  readonly id: string;
  readonly title: string;
  readonly about?: string;
}

interface ChoiceProps {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly name?: string;
  readonly options: readonly Option[];
  readonly value?: string;
  readonly defaultValue?: string;
  readonly onChange?: (id: string) => void;
  readonly description?: string;
  readonly className?: string;
}

export function Choice({
  label,
  isLabelHidden = false,
  options,
  onChange,
  description,
  className = '',
  ...select
}: ChoiceProps) {
  return (
    <Select
      {...select}
      className={className}
      fullWidth={className === ''}
      onChange={(id) => {
        if (typeof id === 'string') onChange?.(id);
      }}
    >
      <Label className={isLabelHidden ? 'sr-only' : ''}>{label}</Label>
      <Select.Trigger>
        <Select.Value>
          {({ state }) => options.find(({ id }) => id === state.value)?.title ?? 'Choose'}
        </Select.Value>
        <Select.Indicator />
      </Select.Trigger>
      {description && <Description>{description}</Description>}
      <FieldError />
      <Select.Popover>
        <ListBox>
          {options.map(({ id, title, about }) => (
            <ListBox.Item key={id} id={id} textValue={title}>
              <div className="flex min-w-0 flex-col">
                <Label>{title}</Label>
                {about && <Description>{about}</Description>}
              </div>
              <ListBox.ItemIndicator />
            </ListBox.Item>
          ))}
        </ListBox>
      </Select.Popover>
    </Select>
  );
}

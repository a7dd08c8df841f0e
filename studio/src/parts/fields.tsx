/** Fields of forms, each the same: a label, what it holds, and a word about it. */
import {
  Description,
  Input,
  Label,
  ListBox,
  NumberField,
  Select,
  Switch,
  TextField,
} from '@heroui/react';

interface FieldProps {
  readonly label: string;
  readonly description?: string | undefined;
  readonly className?: string;
  readonly isDisabled?: boolean;
}

export interface Choice {
  readonly id: string;
  readonly text: string;
}

interface ChoiceFieldProps extends FieldProps {
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (id: string) => void;
}

export function ChoiceField({
  label,
  description,
  value,
  choices,
  onChange,
  className = '',
  isDisabled = false,
}: ChoiceFieldProps) {
  return (
    <Select
      value={value}
      onChange={(key) => key !== null && onChange(String(key))}
      className={className}
      isDisabled={isDisabled}
      variant="secondary"
      fullWidth
    >
      <Label>{label}</Label>
      <Select.Trigger>
        <Select.Value />
        <Select.Indicator />
      </Select.Trigger>
      {description !== undefined && <Description>{description}</Description>}
      <Select.Popover>
        <ListBox>
          {choices.map(({ id, text }) => (
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

interface CountFieldProps extends FieldProps {
  /** Undefined: none is set. */
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  readonly least?: number;
  readonly most?: number;
  readonly placeholder?: string;
  readonly hasFractions?: boolean;
}

export function CountField({
  label,
  description,
  value,
  onChange,
  least = 1,
  most = 1_000_000,
  placeholder,
  hasFractions = false,
  className = '',
  isDisabled = false,
}: CountFieldProps) {
  return (
    <NumberField
      value={value ?? Number.NaN}
      onChange={(next) => onChange(Number.isNaN(next) ? undefined : next)}
      minValue={least}
      maxValue={most}
      formatOptions={{ maximumFractionDigits: hasFractions ? 2 : 0 }}
      className={className}
      isDisabled={isDisabled}
      variant="secondary"
      fullWidth
    >
      <Label>{label}</Label>
      <NumberField.Group>
        <NumberField.DecrementButton />
        <NumberField.Input
          {...(placeholder !== undefined && { placeholder })}
          className="w-full min-w-0"
        />
        <NumberField.IncrementButton />
      </NumberField.Group>
      {description !== undefined && <Description>{description}</Description>}
    </NumberField>
  );
}

interface WordsFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  /** What the server said about it. */
  readonly problem?: string | undefined;
}

export function WordsField({
  label,
  description,
  value,
  onChange,
  placeholder,
  problem,
  className = '',
}: WordsFieldProps) {
  return (
    <TextField
      value={value}
      onChange={onChange}
      className={className}
      isInvalid={problem !== undefined}
      variant="secondary"
      fullWidth
    >
      <Label>{label}</Label>
      <Input {...(placeholder !== undefined && { placeholder })} spellCheck={false} />
      {description !== undefined && problem === undefined && (
        <Description>{description}</Description>
      )}
      {problem !== undefined && <p className="text-xs text-danger">{problem}</p>}
    </TextField>
  );
}

interface OnOffFieldProps extends FieldProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export function OnOffField({
  label,
  description,
  isOn,
  onChange,
  className = '',
}: OnOffFieldProps) {
  return (
    <Switch isSelected={isOn} onChange={onChange} className={className}>
      <Switch.Content>
        <Switch.Control>
          <Switch.Thumb />
        </Switch.Control>
        <span>
          <span className="block text-sm font-medium">{label}</span>
          {description !== undefined && (
            <span className="block text-xs text-muted">{description}</span>
          )}
        </span>
      </Switch.Content>
    </Switch>
  );
}

/** Fields that several forms have. */
import { Description, FieldError, Input, Label, TextField } from '@heroui/react';

interface TextEntryProps {
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  readonly defaultValue?: string;
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  readonly autoFocus?: boolean;
  readonly type?: 'text' | 'number' | 'datetime-local' | 'url';
  readonly autoComplete?: string;
  readonly onChange?: (value: string) => void;
}

export function TextEntry(props: TextEntryProps) {
  const { name, label, description, defaultValue, placeholder, isRequired, autoFocus } = props;
  const { type = 'text', autoComplete = 'off', onChange } = props;
  return (
    <TextField
      name={name}
      type={type}
      isRequired={isRequired === true}
      autoFocus={autoFocus === true}
      {...(defaultValue !== undefined && { defaultValue })}
      {...(onChange && { onChange })}
    >
      <Label>{label}</Label>
      <Input
        autoComplete={autoComplete}
        {...(placeholder !== undefined && { placeholder })}
        {...(type === 'number' && { step: 'any', inputMode: 'decimal' as const })}
      />
      {description && <Description>{description}</Description>}
      <FieldError />
    </TextField>
  );
}

/** What was written, without spaces around it; `undefined`: nothing was. */
export function textOf(fields: FormData, name: string): string | undefined {
  const value = fields.get(name);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

export function numberOf(fields: FormData, name: string): number | undefined {
  const text = textOf(fields, name);
  return text === undefined ? undefined : Number(text);
}

/** A local time of the browser, as the API has it. */
export function timeOf(fields: FormData, name: string): string | undefined {
  const text = textOf(fields, name);
  return text === undefined ? undefined : new Date(text).toISOString();
}

/** As a field for local times has it. */
export function localTime(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

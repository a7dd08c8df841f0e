import { ToggleButton, ToggleButtonGroup } from '@heroui/react';

interface ChoiceProps<One extends string> {
  readonly label: string;
  readonly options: readonly { readonly id: One; readonly title: string }[];
  readonly chosen: One;
  readonly onChange: (chosen: One) => void;
}

/** One of a few, side by side. */
export function Choice<One extends string>({ label, options, chosen, onChange }: ChoiceProps<One>) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      size="sm"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen]}
      onSelectionChange={(keys) => {
        const found = options.find(({ id }) => keys.has(id));
        if (found !== undefined) onChange(found.id);
      }}
    >
      {options.map(({ id, title }) => (
        <ToggleButton key={id} id={id}>
          {title}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

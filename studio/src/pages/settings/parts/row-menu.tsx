/** What may be done with a row, behind one button. */
import { Button, Dropdown, Label } from '@heroui/react';
import { Ellipsis } from 'lucide-react';

export interface RowAction {
  readonly id: string;
  readonly title: string;
  readonly isDangerous?: boolean;
  readonly onAction: () => void;
}

export function RowMenu({
  of,
  actions,
}: {
  readonly of: string;
  readonly actions: readonly RowAction[];
}) {
  return (
    <Dropdown>
      <Button isIconOnly variant="ghost" size="sm" aria-label={`Actions for ${of}`}>
        <Ellipsis aria-hidden className="size-4" />
      </Button>
      <Dropdown.Popover placement="bottom end">
        <Dropdown.Menu
          aria-label={`Actions for ${of}`}
          onAction={(key) => actions.find(({ id }) => id === key)?.onAction()}
        >
          {actions.map(({ id, title, isDangerous }) => (
            <Dropdown.Item
              key={id}
              id={id}
              textValue={title}
              variant={isDangerous ? 'danger' : 'default'}
            >
              <Label>{title}</Label>
            </Dropdown.Item>
          ))}
        </Dropdown.Menu>
      </Dropdown.Popover>
    </Dropdown>
  );
}

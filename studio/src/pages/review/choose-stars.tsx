import { Button, Dropdown, Label } from '@heroui/react';
import { Star } from 'lucide-react';
import { MOST_STARS } from '../../../../src/engine/core/review.ts';

/** 0 to 5 of them, for several images. */
export function ChooseStars({ onChosen }: { readonly onChosen: (stars: number) => void }) {
  return (
    <Dropdown>
      <Button size="sm" variant="outline">
        <Star aria-hidden className="size-4" />
        Stars
      </Button>
      <Dropdown.Popover placement="top">
        <Dropdown.Menu aria-label="Stars" onAction={(key) => onChosen(Number(key))}>
          {Array.from({ length: MOST_STARS + 1 }, (_, stars) => (
            <Dropdown.Item key={stars} id={`${stars}`} textValue={starsText(stars)}>
              <Label>{starsText(stars)}</Label>
            </Dropdown.Item>
          ))}
        </Dropdown.Menu>
      </Dropdown.Popover>
    </Dropdown>
  );
}

function starsText(stars: number): string {
  if (stars === 0) return 'No stars';
  return stars === 1 ? '1 star' : `${stars} stars`;
}

/** Everything that is wrong, each a button to where it is. */
import { useState } from 'react';
import { Alert, Button } from '@heroui/react';
import type { PlacedProblem } from './plan-problems.ts';
import { problemText } from './plan-problems.ts';

const FEW = 5;

interface ProblemListProps {
  readonly problems: readonly PlacedProblem[];
  readonly onJump: (problem: PlacedProblem) => void;
  /** Where rows can be left out: makes the others. */
  readonly onSkip?: (() => void) | undefined;
}

export function ProblemList({ problems, onJump, onSkip }: ProblemListProps) {
  const [isLong, setIsLong] = useState(false);
  if (problems.length === 0) return null;
  const shown = isLong ? problems : problems.slice(0, FEW);
  const rest = problems.length - shown.length;
  return (
    <Alert status="danger" role="alert">
      <Alert.Indicator />
      <Alert.Content className="min-w-0">
        <Alert.Title>
          {problems.length === 1 ? 'One thing to correct' : `${problems.length} things to correct`}
        </Alert.Title>
        <ul
          className="mt-1 flex max-h-64 flex-col gap-1 overflow-auto text-sm"
          aria-label="Problems"
        >
          {shown.map((problem, at) => (
            <li key={at} className="flex flex-wrap gap-x-2">
              {problem.rowId === undefined ? (
                <span className="font-medium">{problem.where}</span>
              ) : (
                <button
                  type="button"
                  className="rounded font-medium text-link underline outline-offset-2"
                  onClick={() => onJump(problem)}
                >
                  {problem.where}
                </button>
              )}
              <span className="min-w-0 break-words text-muted">{problemText(problem)}</span>
            </li>
          ))}
        </ul>
        <div className="mt-2 flex flex-wrap gap-2">
          {rest > 0 && (
            <Button size="sm" variant="secondary" onPress={() => setIsLong(true)}>
              Show {rest} more
            </Button>
          )}
          {onSkip && (
            <Button size="sm" variant="secondary" onPress={onSkip}>
              Leave these rows out
            </Button>
          )}
        </div>
      </Alert.Content>
    </Alert>
  );
}

/** What could not be loaded, why, and another try. */
import { Alert, Button } from '@heroui/react';
import { ApiError } from '../client.ts';
import { errorText } from './error-text.ts';

interface ErrorPanelProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

export function ErrorPanel({ error, onRetry }: ErrorPanelProps) {
  const { title, detail } = errorText(error);
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  return (
    <Alert status="danger" role="alert">
      <Alert.Indicator />
      <Alert.Content>
        <Alert.Title>{title}</Alert.Title>
        <Alert.Description>
          {detail}
          {requestId && (
            <span className="mt-1 block text-xs">The server's log has more: {requestId}</span>
          )}
        </Alert.Description>
      </Alert.Content>
      {onRetry && (
        <Button size="sm" variant="secondary" onPress={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}

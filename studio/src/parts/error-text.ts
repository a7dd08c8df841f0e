/** What went wrong, in words for people. */
import { ApiError } from '../client.ts';

export function errorText(error: unknown): { readonly title: string; readonly detail: string } {
  if (!(error instanceof ApiError)) {
    return { title: 'Something went wrong in this page', detail: String(error) };
  }
  if (error.status === 0) {
    return {
      title: 'The server does not answer',
      detail: 'Nothing is lost: runs go on without this page. It tries again by itself.',
    };
  }
  const [first] = error.problems;
  return {
    title: error.message,
    detail: first === undefined ? '' : `${first.message} ${first.remedy ?? ''}`,
  };
}

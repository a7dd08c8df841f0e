/** The API as the studio calls it: with the session of this browser. */
import { createClient } from '../../src/api/client/index.ts';

export const client = createClient({ baseUrl: location.origin, retries: 1 });

export { ApiError } from '../../src/api/client/index.ts';

/** What the tools of an assistant work with. */
import type { Client } from '../api/client/index.ts';
import type { DollarBound } from './dollar-bound.ts';

export interface ToolDeps {
  /** Calls the API in the name of whoever the assistant works for. */
  readonly client: Client;
  /** Runs that this session has made; absent: there is no session that could know them. */
  readonly ownRuns?: Set<string>;
  /** Most dollars of this session; absent: what the key may spend is the only bound. */
  readonly dollars?: DollarBound;
}

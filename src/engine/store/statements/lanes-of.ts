import { sql } from 'kysely';
import type { Database } from '../dialect.ts';

/** Names of the lanes that the run's requests are on, from each to the next by the index. */
export async function lanesOf(database: Database, runId: string): Promise<string[]> {
  const { rows } = await sql<{ lane: string }>`
    with recursive lanes(lane) as (
      select min(lane) from requests where run_id = ${runId}
      union all
      select (select min(requests.lane) from requests
        where requests.run_id = ${runId} and requests.lane > lanes.lane)
      from lanes where lanes.lane is not null
    )
    select lane from lanes where lane is not null order by lane`.execute(database);
  return rows.map(({ lane }) => lane);
}

import { inspectImage } from './check-image.ts';

/** What a worker thread of `inspector-pool.ts` does. */
export default inspectImage;

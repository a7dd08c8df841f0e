/** Zod, able to say how its schemas look in the OpenAPI document. */
export { z } from '@hono/zod-openapi';

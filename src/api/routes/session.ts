/** Sessions of browsers: begun with a key, carried by a cookie. */
import { defineRoute, json } from '../define-route.ts';
import { sessionSchema } from '../schemas/session.ts';

export const beginSessionRoute = defineRoute('any-key', [], {
  method: 'post',
  path: '/v1/session',
  tags: ['session'],
  operationId: 'beginSession',
  summary: 'Sign a browser in with a key',
  description:
    'Sets the cookie `imagemill_session` for 12 hours, unreadable for scripts. Requests with it that change something need the header `X-Requested-With`, and work from pages of this server only.',
  responses: { 201: json(sessionSchema, 'Who is signed in.') },
});

export const getSessionRoute = defineRoute('any-key', [], {
  method: 'get',
  path: '/v1/session',
  tags: ['session'],
  operationId: 'getSession',
  summary: 'Who is calling, and what they may do',
  responses: { 200: json(sessionSchema, 'Who is calling.') },
});

export const endSessionRoute = defineRoute('any-key', ['not-found'], {
  method: 'delete',
  path: '/v1/session',
  tags: ['session'],
  operationId: 'endSession',
  summary: 'Sign out',
  responses: { 204: { description: 'The session has ended.' } },
});

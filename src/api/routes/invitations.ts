/** Invitations: how somebody becomes a member of a workspace without being sent a key. */
import { defineRoute, json } from '../define-route.ts';
import { acceptanceSchema, invitationSchema, newInvitationSchema } from '../schemas/keys.ts';
import { acceptedSchema } from '../schemas/session.ts';
import { z } from '../zod.ts';

export const inviteRoute = defineRoute(
  'workspace:manage',
  ['malformed-request', 'invalid', 'not-found', 'too-large'],
  {
    method: 'post',
    path: '/v1/invitations',
    tags: ['keys'],
    operationId: 'invite',
    summary: 'Invite somebody to sign in',
    description:
      'Makes the key of a person, whose secret nobody knows, and an invitation that is good once, for 48 hours. Whoever accepts it gets the secret. Revoking the key ends the invitation.',
    request: {
      body: { required: true, ...json(newInvitationSchema, 'Who, and what they may do.') },
    },
    responses: { 201: json(invitationSchema, 'The key, with its invitation.') },
  },
);

export const inviteAgainRoute = defineRoute('workspace:manage', ['not-found', 'conflict'], {
  method: 'post',
  path: '/v1/keys/{key}/invitation',
  tags: ['keys'],
  operationId: 'inviteAgain',
  summary: 'Invite the holder of a key again',
  description:
    'For somebody who lost the invitation or the key. It replaces an invitation so far; a secret goes on being good until it is accepted.',
  request: { params: z.object({ key: z.string().max(64) }) },
  responses: { 200: json(invitationSchema, 'The key, with its new invitation.') },
});

export const acceptInvitationRoute = defineRoute(
  'public',
  ['malformed-request', 'invalid', 'not-found', 'forbidden', 'too-large'],
  {
    method: 'post',
    path: '/v1/invitations/accept',
    tags: ['session'],
    operationId: 'acceptInvitation',
    summary: 'Accept an invitation, and be signed in',
    description:
      "Once. Sets the cookie of a session, as `POST /v1/session` does, and tells the key's new secret, by which its holder signs in from then on.",
    request: { body: { required: true, ...json(acceptanceSchema, 'What the link had.') } },
    responses: { 201: json(acceptedSchema, 'Who is signed in, and the secret of their key.') },
  },
);

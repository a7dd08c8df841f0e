import type { GateRefusal } from '../gate.ts';
import { gatewayPage } from '../reply.ts';

/** Google's error body: `{error: {code, message, status, details}}`. */
export interface GeminiError {
  readonly code: number;
  readonly message: string;
  readonly status: string;
  readonly details?: readonly Readonly<Record<string, unknown>>[];
}

export function errorReply(error: GeminiError): Response {
  return Response.json({ error }, { status: error.code });
}

export function invalid(message: string): GeminiError {
  return { code: 400, message, status: 'INVALID_ARGUMENT' };
}

export const NO_KEY: GeminiError = {
  code: 403,
  message:
    "Method doesn't allow unregistered callers (callers without established identity). Please use " +
    'API Key or other form of API consumer identity to call this API.',
  status: 'PERMISSION_DENIED',
};

/** A wrong key is an invalid argument. */
export const WRONG_KEY: GeminiError = {
  ...invalid('API key not valid. Please pass a valid API key.'),
  details: [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'API_KEY_INVALID',
      domain: 'googleapis.com',
      metadata: { service: 'generativelanguage.googleapis.com' },
    },
  ],
};

/** 402 since the summer of 2026; it was a 429 before. */
export const CREDITS_DEPLETED: GeminiError = {
  code: 402,
  message:
    'Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to ' +
    'manage your project and billing.',
  status: 'RESOURCE_EXHAUSTED',
};

export const NO_SUCH_PATH: GeminiError = {
  code: 404,
  message: 'Requested entity was not found.',
  status: 'NOT_FOUND',
};

export function noSuchModel(model: string): GeminiError {
  const message =
    `models/${model} is not found for API version v1beta, or is not supported for generateContent. ` +
    'Call ListModels to see the list of available models and their supported methods.';
  return { code: 404, message, status: 'NOT_FOUND' };
}

/** Google tells no missing file from another project's. */
export function noSuchFile(id: string): GeminiError {
  const message = `You do not have permission to access the File ${id} or it may not exist.`;
  return { code: 403, message, status: 'PERMISSION_DENIED' };
}

/** A 429 of which nothing more is said. */
export const RATE_LIMITED: GeminiError = {
  code: 429,
  message: 'Resource has been exhausted (e.g. check quota).',
  status: 'RESOURCE_EXHAUSTED',
};

/** Which quota was exceeded, and when it may be tried again. The figure only where it is announced. */
export function quotaExceeded(
  model: string,
  refusal: Pick<GateRefusal, 'limit' | 'retryAfterMs'> & { readonly max?: number },
): GeminiError {
  const unit = refusal.limit === 'images' ? 'Images' : 'Requests';
  const violation = {
    quotaMetric: `generativelanguage.googleapis.com/generate_${unit.toLowerCase()}_per_model`,
    quotaId: `Generate${unit}PerMinutePerProjectPerModel`,
    quotaDimensions: { location: 'global', model },
    ...(refusal.max !== undefined && { quotaValue: String(refusal.max) }),
  };
  const delaySeconds = (refusal.retryAfterMs ?? 60_000) / 1000;
  return {
    code: 429,
    message: 'You exceeded your current quota, please check your plan and billing details.',
    status: 'RESOURCE_EXHAUSTED',
    details: [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [violation] },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${delaySeconds}s` },
    ],
  };
}

/** 500, 503 and 504 come from the API itself; 502 from the gateway before it, as HTML. */
export function serverErrorReply(status: 500 | 502 | 503 | 504): Response {
  switch (status) {
    case 500:
      return errorReply({
        code: 500,
        message: 'An internal error has occurred. Please retry.',
        status: 'INTERNAL',
      });
    case 502:
      return gatewayPage(502);
    case 503:
      return errorReply({
        code: 503,
        message: 'The model is overloaded. Please try again later.',
        status: 'UNAVAILABLE',
      });
    case 504:
      return errorReply({
        code: 504,
        message: 'Deadline expired before operation could complete.',
        status: 'DEADLINE_EXCEEDED',
      });
  }
}

import { gatewayPage } from '../reply.ts';

/** Kling's envelope for a no: what happened is told by `code`, not by the HTTP status alone. */
export interface KlingError {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

export const NO_KEY: KlingError = { status: 401, code: 1001, message: 'Authorization is empty' };
export const WRONG_KEY: KlingError = {
  status: 401,
  code: 1002,
  message: 'Authorization is invalid',
};
/** Permanent, although it is a 429. */
export const PACK_EMPTY: KlingError = {
  status: 429,
  code: 1102,
  message: 'Resource pack depleted or expired',
};
export const RATE_LIMITED: KlingError = {
  status: 429,
  code: 1302,
  message: 'API request too fast, exceeding the platform rate limit',
};
export const SLOTS_FULL: KlingError = {
  status: 429,
  code: 1303,
  message: 'parallel task over resource pack limit',
};
export const RISK_CONTROL: KlingError = {
  status: 400,
  code: 1301,
  message: 'Failure to pass the risk control system',
};
export const KEY_USED: KlingError = invalid('external_task_id is duplicated');
export const NOT_FOUND: KlingError = {
  status: 404,
  code: 1203,
  message: 'The requested resource does not exist',
};

export function invalid(message: string): KlingError {
  return { status: 400, code: 1201, message };
}

/** 500, 503 and 504 come in Kling's envelope, 502 from the gateway before it. */
export function serverError(status: 500 | 503 | 504): KlingError {
  switch (status) {
    case 500:
      return { status, code: 5000, message: 'Server internal error' };
    case 503:
      return { status, code: 5001, message: 'Server temporarily unavailable' };
    case 504:
      return { status, code: 5002, message: 'Server internal timeout' };
  }
}

/** 502 has no envelope. */
export function badGateway(): Response {
  return gatewayPage(502);
}

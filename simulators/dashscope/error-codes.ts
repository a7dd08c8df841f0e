interface DashscopeError {
  readonly status: number;
  readonly message: string;
}

/** DashScope's errors at the door: code → HTTP status and its usual message. */
export const DASHSCOPE_ERRORS = {
  InvalidParameter: {
    status: 400,
    message: 'Required parameter(s) missing or invalid, please check the request parameters.',
  },
  DataInspectionFailed: { status: 400, message: 'Input data may contain inappropriate content.' },
  IPInfringementSuspect: {
    status: 400,
    message: 'Input data is suspected of being involved in IP infringement.',
  },
  UnsupportedOperation: {
    status: 400,
    message: 'The operation is unsupported on the referee object.',
  },
  Arrearage: {
    status: 400,
    message: 'Access denied, please make sure your account is in good standing.',
  },
  InvalidApiKey: { status: 401, message: 'Invalid API-key provided.' },
  AccessDenied: { status: 403, message: 'Access denied.' },
  'AccessDenied.Unpurchased': {
    status: 403,
    message: 'Access to model denied. Please make sure you are eligible for using the model.',
  },
  'Model.AccessDenied': { status: 403, message: 'Model access denied.' },
  'AllocationQuota.FreeTierOnly': {
    status: 403,
    message:
      'The free tier of the model has been exhausted. To go on, disable the "use free tier only" mode in the console.',
  },
  ModelNotFound: { status: 404, message: 'Model can not be found.' },
  RequestTimeOut: { status: 408, message: 'Request timed out, please try again later.' },
  'BadRequest.TooLarge': { status: 413, message: 'Payload Too Large.' },
  Throttling: { status: 429, message: 'Requests throttling triggered.' },
  'Throttling.RateQuota': {
    status: 429,
    message: 'Requests rate limit exceeded, please try again later.',
  },
  'Throttling.BurstRate': { status: 429, message: 'Request rate increased too quickly.' },
  'Throttling.AllocationQuota': {
    status: 429,
    message: 'Allocated quota exceeded, please increase your quota limit.',
  },
  insufficient_quota: { status: 429, message: 'You exceeded your current quota.' },
  'Throttling.Concurrency': { status: 429, message: 'Too many concurrent tasks.' },
  'Throttling.ServiceOverloaded': { status: 429, message: 'Too many requests.' },
  PrepaidBillOverdue: { status: 429, message: 'The prepaid bill is overdue.' },
  PostpaidBillOverdue: { status: 429, message: 'The postpaid bill is overdue.' },
  BudgetLimitExceeded: { status: 429, message: 'The budget limit is exceeded.' },
  CommodityNotPurchased: { status: 429, message: 'Commodity has not purchased yet.' },
  InternalError: {
    status: 500,
    message: 'An internal error has occured, please try again later or contact service support.',
  },
  SystemError: { status: 500, message: 'An system error has occured, please try again later.' },
  ModelUnavailable: { status: 503, message: 'Model is unavailable, please try again later.' },
} as const satisfies Readonly<Record<string, DashscopeError>>;

export type DashscopeCode = keyof typeof DASHSCOPE_ERRORS;

export const DASHSCOPE_CODES = Object.keys(DASHSCOPE_ERRORS) as readonly DashscopeCode[];

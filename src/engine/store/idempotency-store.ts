/** What the store does for requests that are sent twice: a part of `Store`. */
export interface IdempotencyStore {}

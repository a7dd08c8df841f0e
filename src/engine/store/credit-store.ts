/** What the store does for the credits of workspaces and their use: a part of `Store`. */
export interface CreditStore {}

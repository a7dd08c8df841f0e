/** What the store does for events of workspaces and the webhooks that tell them: a part of `Store`. */
export interface WebhookStore {}

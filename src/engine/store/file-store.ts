/** What the store does for files of clients, and for batches made of them: a part of `Store`. */
export interface FileStore {}

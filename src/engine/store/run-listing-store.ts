/** The questions of a service about many runs and many items, a page at a time: a part of `Store`. */
export interface RunListingStore {}

/**
 * A run of up to so many images makes its contact page by itself, in some seconds; that of a larger run
 * is made by `imagemill tools contact-sheet RUN`.
 */
export const MOST_ITEMS_BY_ITSELF = 1_000;

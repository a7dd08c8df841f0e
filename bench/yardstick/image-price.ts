/** What an image of 1024x1024 costs at most, its prompt included, by the vendor's price page. */
export const imageUsd = 0.054;

/** Under this name Stripe keeps the id of our order with a payment. Only our own record of it counts. */
export const ORDER_MARK = 'imagemill_order';

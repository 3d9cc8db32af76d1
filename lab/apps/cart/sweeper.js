'use strict';
// Drops carts that nobody has touched for a while.
const idleMillis = 3000;

exports.sweep = (carts, info) => {
  const idle = [...carts.values()].filter((c) => Date.now() - c.seen > idleMillis);
  for (const cart of idle) carts.delete(cart.id);
  if (idle.length) info('idle carts removed', { removed: idle.length, items: idle.reduce((n, c) => n + c.items.length, 0) });
};

'use strict';
// Drops carts that nobody has touched for a while, and says how many items went with them.
const idleMillis = 3000;

function countItems(carts, id) {
  return carts.get(id).items.length;
}

exports.sweep = (carts, info) => {
  const idle = [...carts.values()].filter((c) => Date.now() - c.seen > idleMillis);
  for (const cart of idle) carts.delete(cart.id);
  const items = idle.map((c) => countItems(carts, c.id)).reduce((a, b) => a + b, 0);
  if (idle.length) info('idle carts removed', { removed: idle.length, items });
};

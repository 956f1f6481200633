// A POST: a JSON body arrives parsed in event.data, and an object is a JSON answer.
exports.total = async (event) => {
  const { items } = event.data;
  const total = items.reduce((sum, { price, count }) => sum + price * count, 0);
  return { items: items.length, total };
};

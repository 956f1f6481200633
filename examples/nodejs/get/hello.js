// A GET: the query is read from Express's own request, and a string is a text answer.
exports.hello = (event) => {
  const { name = 'world' } = event.extensions.request.query;
  return `hello ${name}\n`;
};

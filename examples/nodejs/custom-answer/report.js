// A custom answer: status, headers and type are set on Express's own response, which then sends.
exports.report = (event) => {
  event.extensions.response
    .status(201)
    .set('X-Report', 'daily')
    .type('text/csv')
    .send('day,calls\nmonday,12\n');
};

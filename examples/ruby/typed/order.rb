# frozen_string_literal: true

# A typed function: sig/order.rbs says what it takes and returns, for Steep and for editors.

def place(event, context)
  order = event[:data]
  event[:extensions].response.status = 201
  { item: order['item'], count: order['count'], id: event[:'event-id'], 'placed by': context[:'function-name'] }
end

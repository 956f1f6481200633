# frozen_string_literal: true

# Answers a POST: event[:data] is the parsed JSON of the body, and a Hash is answered as JSON.

def total(event, _context)
  items = event[:data].fetch('items')
  { count: items.size, total: items.sum { |item| item['price'] * item.fetch('quantity', 1) } }
end

# frozen_string_literal: true

# Answers a GET: reads a query parameter from the request, and returns text.

def greet(event, _context)
  name = event[:extensions].request.params.fetch('name', 'world')
  "Hello, #{name}!"
end
